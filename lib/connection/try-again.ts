/** The count of failures stays, so that the next failure waits as long as before. */
export const tryAgain = { failingSince: null, lastFailureKind: null, waitsForPerson: false, retryAt: null }
