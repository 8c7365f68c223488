import type { Database, Db } from '#db/client.ts'

/** For tests and measurements, which read and write outside any tenant scope. */
export const everything = ({ db }: Pick<Database, 'db'>): Db => db as Db
