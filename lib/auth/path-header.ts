/** Set by the proxy on every page request, so that a gate knows where to come back to. */
export const pathHeader = 'x-sophiie-path'
