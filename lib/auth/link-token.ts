import { createHash, randomBytes } from 'node:crypto'

/** A secret of 256 bits for a link. Only its hash is stored, so a leaked table opens nothing. */
export const newLinkToken = () => {
  const token = randomBytes(32).toString('base64url')
  return { token, tokenHash: hashOfToken(token) }
}

export const hashOfToken = (token: string) => createHash('sha256').update(token).digest()

export const looksLikeToken = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{43}$/.test(text)
