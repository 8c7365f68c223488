import type { GlobalDb } from '#db/client.ts'
import { readSealedTokens, replaceSealedToken, type SealedToken } from '#db/queries/operations.ts'
import { needsResealing, openToken, sealToken } from './token-vault.ts'

export type Seals = { current: number; old: number; unreadable: number; resealed: number }

const batch = 500

/**
 * Decrypts every stored token; with `reseal` encrypts those of an older key with the first one.
 * Safe while the product runs.
 */
export const checkSeals = async (db: GlobalDb, options: { reseal: boolean }): Promise<Seals> => {
  const seals: Seals = { current: 0, old: 0, unreadable: 0, resealed: 0 }
  for (let after = ''; ; ) {
    const rows = await readSealedTokens(db, { after, limit: batch })
    if (rows.length === 0) return seals
    for (const token of rows.flatMap((row) => row.tokens)) seals[await checkSeal(db, token, options)]++
    after = rows.at(-1)?.id ?? after
  }
}

const checkSeal = async (db: GlobalDb, token: SealedToken, { reseal }: { reseal: boolean }): Promise<keyof Seals> => {
  const open = tryToOpen(token)
  if (open === null) return 'unreadable'
  if (!needsResealing(token.text)) return 'current'
  if (!reseal) return 'old'
  return (await replaceSealedToken(db, token, sealToken(open, token.id))) ? 'resealed' : 'current'
}

const tryToOpen = ({ text, id }: SealedToken): string | null => {
  try {
    return openToken(text, id)
  } catch {
    return null
  }
}
