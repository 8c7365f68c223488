import { afterAll, beforeAll, inject } from 'vitest'
import { connect, type Database, type Db } from '#db/client.ts'
import { type Clone, cloneDatabase } from './clone.ts'

/** `db` reaches every row, as `everything.ts` has it. */
export type TestDatabase = Omit<Database, 'db'> & { db: Db; url: string }

/**
 * A migrated, empty database for the calling test file (or `describe`), dropped after it. The answer is filled in
 * before the first test; read it inside tests and hooks only.
 */
export function ownDatabase(): TestDatabase {
  const own = {} as TestDatabase
  let clone: Clone | undefined
  beforeAll(async () => {
    clone = await cloneDatabase(inject('testServer'))
    Object.assign(own, connect(clone.url), { url: clone.url })
  })
  afterAll(async () => {
    await own.close?.()
    await clone?.drop()
  })
  return own
}
