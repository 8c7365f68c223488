/** Set by the proxy on each page request; sign-in returns to this path. */
export const pathHeader = 'x-sophiie-path'
