/** Members of the sample business, shown by demo and dev as accounts to sign in with. */
export const owner = 'olive@harbourplumbing.example'
export const staff = ['mia', 'tom', 'ravi'].map((name) => `${name}@harbourplumbing.example`)
