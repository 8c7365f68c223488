import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { env, readKey } from '#lib/env.ts'

/**
 * Tokens at rest: AES-256-GCM, `v1.<key id>.<iv>.<ciphertext>.<tag>`. The first key of
 * TOKEN_ENCRYPTION_KEYS encrypts, all decrypt. `boundTo` (the row's id) is additional authenticated
 * data: a ciphertext copied to another row does not open.
 */

/** GCM also accepts tags of 4 bytes, which are forged in 2^32 attempts. */
const authTagLength = 16

const keyId = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8)

const keys = () =>
  env().TOKEN_ENCRYPTION_KEYS.map((text) => {
    const key = readKey(text)
    if (!key) throw new Error('TOKEN_ENCRYPTION_KEYS holds a malformed key.')
    return { id: keyId(key), key }
  })

export const sealToken = (token: string, boundTo: string): string => {
  const [current] = keys()
  if (!current) throw new Error('TOKEN_ENCRYPTION_KEYS is empty.')
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', current.key, iv, { authTagLength }).setAAD(Buffer.from(boundTo))
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
  return ['v1', current.id, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.')
}

/** Throws if the key is unknown, or if the text was changed or belongs to another row. */
export const openToken = (text: string, boundTo: string): string => {
  const [version, id, iv, sealed, tag] = text.split('.')
  const known = keys().find((key) => key.id === id)
  if (version !== 'v1' || !known || !iv || !sealed || !tag)
    throw new Error('The token was sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold.')
  const decipher = createDecipheriv('aes-256-gcm', known.key, Buffer.from(iv, 'base64url'), { authTagLength })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]).toString('utf8')
}

/** True if it was encrypted with another key than the current one. */
export const needsResealing = (text: string): boolean => text.split('.')[1] !== keys()[0]?.id
