import { createHash, randomBytes } from 'node:crypto'

/** `sk_live_…` or `sk_test_…` with 32 random bytes. */
export const newSecret = ({ test }: { test: boolean }): string =>
  `sk_${test ? 'test' : 'live'}_${randomBytes(32).toString('base64url')}`

export const looksLikeSecret = (text: string): boolean => /^sk_(live|test)_[\w-]{43}$/.test(text)

/** A plain hash is enough: a secret of 256 random bits cannot be guessed. */
export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** `sk_live_Ab3d…x9Yz` */
export const hintOfSecret = (secret: string): string => `${secret.slice(0, 12)}…${secret.slice(-4)}`
