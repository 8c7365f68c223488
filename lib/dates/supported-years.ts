/**
 * Years of appointments and settings. Beyond them a database, a browser or a calendar format
 * refuses dates, each at another year.
 */
const years = { first: 2000, last: 2200 }

export const yearSentence = `Use a year from ${years.first} to ${years.last}.`

/** `text`: an ISO date or UTC instant. `margin`: years that a range may reach beyond. */
export const isSupportedYear = (text: string, margin = 0): boolean => {
  const year = Number(/^\d{4}(?=-)/.exec(text)?.[0])
  return year >= years.first - margin && year <= years.last + margin
}
