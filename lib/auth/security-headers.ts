type PolicyParts = {
  nonce: string
  /** The dev server needs eval for React's error overlay, and a socket. */
  development: boolean
  secure: boolean
  /** Origin of Google's sign-in page, to which forms may redirect. */
  google: string
}

/** Scripts need the nonce. Inline styles are allowed: the calendar positions events with them. */
export const contentSecurityPolicy = ({ nonce, development, secure, google }: PolicyParts): string =>
  [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'${development ? ' ws:' : ''}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self' ${google}`,
    `frame-ancestors 'none'`,
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ')

/** Headers of every response. */
export const fixedHeaders = (origin: string): [name: string, value: string][] => [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'same-origin'],
  ['x-frame-options', 'DENY'],
  ['permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()'],
  ['cross-origin-opener-policy', 'same-origin'],
  ...(origin.startsWith('https:')
    ? [['strict-transport-security', 'max-age=63072000; includeSubDomains'] as [string, string]]
    : []),
]
