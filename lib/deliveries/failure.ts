/** Why an attempt failed. Stored with the delivery; `lib/webhooks/words.ts` has the words. */
export type SendFailure =
  | 'answered'
  | 'redirected'
  | 'gone'
  | 'timeout'
  /** No such name, or not a public address: which of both is not for the owner to learn. */
  | 'no-address'
  | 'refused'
  | 'tls'
  | 'broken'

/** Null for an answer that accepts the message. */
export const failureOf = (answer: { status: number } | { error: Error }): SendFailure | null =>
  'error' in answer ? failureOfError(answer.error) : failureOfStatus(answer.status)

const failureOfStatus = (status: number): SendFailure | null => {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400) return 'redirected'
  return status === 410 ? 'gone' : 'answered'
}

const failureOfError = (error: Error & { code?: unknown }): SendFailure => {
  const code = String(error.code ?? '')
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ETIMEDOUT') return 'timeout'
  // The filter of addresses throws errors without a code.
  if (code === 'ENOTFOUND' || error.message.startsWith('DNS lookup ')) return 'no-address'
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) return 'refused'
  return /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^ERR_SSL|^EPROTO/.test(code) ? 'tls' : 'broken'
}
