export type Hours = { from: string; to: string }[]

export const freshOpening = { from: '09:00', to: '17:00' }

/** `07:00–12:00, 13:00–16:00`, or `closed`. */
export const hoursInWords = (hours: Readonly<Hours>) =>
  hours.length === 0 ? 'closed' : hours.map(({ from, to }) => `${from}–${to}`).join(', ')

const breakMinutes = 60

/** The last opening in two with an hour between; where it is too short for that, one more after it, whose end is still to be said. */
export const withBreak = (hours: Hours): Hours => {
  const last = hours.at(-1) ?? freshOpening
  const [from, to] = [minutesOf(last.from), minutesOf(last.to)]
  if (to - from < 3 * breakMinutes) return [...hours, { from: last.to, to: '' }]
  const pause = Math.floor((from + to) / 2 / 60) * 60
  return [
    ...hours.slice(0, -1),
    { from: last.from, to: textOf(pause) },
    { from: textOf(pause + breakMinutes), to: last.to },
  ]
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const textOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
