import { sql } from 'drizzle-orm'
import { customType } from 'drizzle-orm/pg-core'

/** A `timestamptz` as `YYYY-MM-DDTHH:mm:ss[.ffffff]Z`. Sessions run in UTC. */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamptz',
  fromDriver: (value) => `${value.slice(0, 10)}T${value.slice(11).replace(/\+00$/, '')}Z`,
})

/** A half-open `tstzrange`, written and read as its text form. */
export const tstzrange = customType<{ data: string }>({ dataType: () => 'tstzrange' })
/** A transaction id (`xid8`): ascending, never reused by one server. */
export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' })
export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

export const now = sql`now()`
export const createdAt = () => instant('created_at').notNull().default(now)
