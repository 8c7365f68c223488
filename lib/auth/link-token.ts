import { createHash, randomBytes } from 'node:crypto'

/** A link's secret, 256 bits; only its hash is stored, so that a stolen table opens nothing. */
export const newLinkToken = () => {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: hashOfToken(token) }
}

export const hashOfToken = (token: string) => createHash('sha256').update(token).digest()

export const looksLikeToken = (text: unknown): text is string =>
  typeof text === 'string' && /^[\w-]{43}$/.test(text)
