type PolicyParts = {
  nonce: string
  /** React's error overlay needs eval and the dev server a socket. */
  development: boolean
  secure: boolean
  /** Origin of Google's sign-in page: forms that end there are followed. */
  google: string
}

/** Scripts only with this page's nonce. Styles may be inline: calendars place their events with style attributes. */
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

/** The same on every answer. */
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
