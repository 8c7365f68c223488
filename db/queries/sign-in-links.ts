import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { GlobalDb } from '../client.ts'
import { signInLinks } from '../schema/platform.ts'

export const insertSignInLink = async (db: GlobalDb, link: typeof signInLinks.$inferInsert) => {
  await db.execute(sql`delete from sign_in_links where expires_at < now() - interval '1 day'`)
  await db.insert(signInLinks).values(link)
}

const usable = (tokenHash: Buffer) =>
  and(eq(signInLinks.tokenHash, tokenHash), isNull(signInLinks.usedAt), gt(signInLinks.expiresAt, sql`now()`))

/** Reads without using the link up. */
export const readSignInLink = async (db: GlobalDb, tokenHash: Buffer) => {
  const [row] = await db
    .select({ email: signInLinks.email, returnPath: signInLinks.returnPath })
    .from(signInLinks)
    .where(usable(tokenHash))
  return row ?? null
}

/** Uses the link up and returns its address; null the second time. */
export const takeSignInLink = async (db: GlobalDb, tokenHash: Buffer): Promise<string | null> => {
  const [row] = await db
    .update(signInLinks)
    .set({ usedAt: sql`now()` })
    .where(usable(tokenHash))
    .returning({ email: signInLinks.email })
  return row?.email ?? null
}
