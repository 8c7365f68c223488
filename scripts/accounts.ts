/** Who the sample business knows: what a newcomer is told to sign in as. */
export const owner = 'olive@harbourplumbing.example'
export const staff = ['mia', 'tom', 'ravi'].map((name) => `${name}@harbourplumbing.example`)
