import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

export type SigningKey = { kid: string; privatePem: string; publicPem: string }

let key: SigningKey | undefined

/** One key per process for new worlds; a state file contains its own. */
export function currentKey(): SigningKey {
  key ??= generateKey()
  return key
}

function generateKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const kid = createHash('sha1').update(publicKey).digest('hex')
  return { kid, privatePem: privateKey, publicPem: publicKey }
}

export function publicJwk(key: SigningKey): Record<string, unknown> {
  const { n, e, kty } = createPublicKey(key.publicPem).export({ format: 'jwk' })
  return { kty, n, e, kid: key.kid, alg: 'RS256', use: 'sig' }
}

export function signJwt(key: SigningKey, claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', kid: key.kid, typ: 'JWT' })}.${part(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), key.privatePem).toString('base64url')}`
}
