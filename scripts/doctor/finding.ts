/** What one check found; `todo` says how to put it right. */
export type Finding = { state: 'fine' | 'doubtful' | 'wrong'; says: string; todo?: string }

export const fine = (says: string): Finding => ({ state: 'fine', says })
export const doubtful = (says: string, todo: string): Finding => ({ state: 'doubtful', says, todo })
export const wrong = (says: string, todo: string): Finding => ({ state: 'wrong', says, todo })

export const limitMs = 8000
