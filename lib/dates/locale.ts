/** Locale of all dates, times and numbers on screen. */
export const locale = 'en-AU'
