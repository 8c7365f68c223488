/** Members of the sample business, shown by demo and dev as accounts to sign in with. */
export const owner = 'olive@harbourplumbing.example'
export const staff = ['mia', 'tom', 'ravi'].map((name) => `${name}@harbourplumbing.example`)
/** Those with calendars for jobs and private events in the emulator. */
export const ownCalendars = staff.slice(0, 2)
