import { afterAll, beforeAll, expect, inject, vi } from 'vitest'
import { connect, type Database, type Db } from '#db/client.ts'
import { cloneDatabase, type TestServer } from './clone.ts'
import { everything } from './everything.ts'
import { wholeOutput } from './log/captured-output.ts'
import { customerWords } from './log/customer-words.ts'
import { leaksIn } from './log/log-guard.ts'

/** `db` reaches every row, as in `everything.ts`. */
export type TestDatabase = Omit<Database, 'db'> & { db: Db; url: string }

/**
 * A migrated, empty database, cloned from the template. At its end, what it holds of people may not
 * be in the output of the test file. By default as behind a pooler, without prepared statements.
 */
export async function openTestDatabase(
  server: TestServer,
  options: { direct?: boolean } = {},
): Promise<TestDatabase & { drop(): Promise<void> }> {
  const { url, drop } = await cloneDatabase(server)
  const database = connect(url, options)
  const close = async () => {
    const words = await customerWords(database.sql)
    await database.close()
    await drop()
    expect(leaksIn(wholeOutput(), words), 'what the log may not contain').toEqual([])
  }
  return { ...database, db: everything(database), url, drop: close }
}

/**
 * The same for the calling test file or `describe`, dropped after it. Filled in before the first
 * test: read it inside tests and hooks only.
 */
export function ownDatabase(): TestDatabase {
  const own = {} as TestDatabase
  let drop: (() => Promise<void>) | undefined
  beforeAll(async () => {
    const database = await openTestDatabase(inject('testServer'))
    drop = database.drop
    Object.assign(own, database)
  })
  afterAll(() => drop?.())
  return own
}

/** Until one session of the database waits for a lock of another. */
export const untilLockIsAwaited = ({ sql }: Pick<Database, 'sql'>): Promise<void> =>
  vi.waitFor(async () => {
    const waiting = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    expect(waiting).toHaveLength(1)
  }, 10_000)
