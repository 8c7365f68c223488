export type Hours = { from: string; to: string }[]

export const defaultOpening = { from: '09:00', to: '17:00' }

/** `07:00–12:00, 13:00–16:00`, or `closed`. */
export const hoursInWords = (hours: Readonly<Hours>) =>
  hours.length === 0 ? 'closed' : hours.map(({ from, to }) => `${from}–${to}`).join(', ')

const breakMinutes = 60

/**
 * Splits the last opening around a break of one hour. If it is shorter than three hours, adds an
 * opening after it instead, with an empty end for the user to fill in.
 */
export const withBreak = (hours: Hours): Hours => {
  const last = hours.at(-1) ?? defaultOpening
  const [from, to] = [minutesOf(last.from), minutesOf(last.to)]
  if (to - from < 3 * breakMinutes) return [...hours, { from: last.to, to: '' }]
  const breakStart = Math.floor((from + to) / 2 / 60) * 60
  return [
    ...hours.slice(0, -1),
    { from: last.from, to: timeOf(breakStart) },
    { from: timeOf(breakStart + breakMinutes), to: last.to },
  ]
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
