import type { Database, Db } from '#db/client.ts'

/** Tests and measurements look from outside, at whatever they like. */
export const everything = ({ db }: Pick<Database, 'db'>): Db => db as Db
