/** Shown when a Server Action gets no response. */
export const unreachable = 'The server could not be reached. Check your connection and try again.'
