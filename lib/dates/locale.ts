/** The locale of all dates, times and numbers that people read. */
export const locale = 'en-AU'
