import type { TestDatabase } from '../database.ts'

/** `insert on activity`, `update on series` */
type Statement = `${'insert' | 'update' | 'delete'} on ${string}`

/** Ends the connection that runs such a statement, right after it, while `work` runs. */
export const killedAt = async <T>({ sql }: TestDatabase, statement: Statement, work: () => Promise<T>): Promise<T> => {
  const [, table = ''] = statement.split(' on ')
  await sql`create or replace function kill_self() returns trigger language plpgsql as $$
    begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`
  await sql.unsafe(`create trigger kill_writer after ${statement} for each statement execute function kill_self()`)
  try {
    return await work()
  } finally {
    await sql`drop trigger kill_writer on ${sql(table)}`
  }
}
