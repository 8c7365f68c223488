/** `07:00–12:00, 13:00–16:00`, or `closed`. */
export const hoursInWords = (hours: readonly { from: string; to: string }[]) =>
  hours.length === 0 ? 'closed' : hours.map(({ from, to }) => `${from}–${to}`).join(', ')
