import { type SQL, sql } from 'drizzle-orm'

/**
 * Many rows as parameters of one statement: one array per column. Postgres parses arrays in two
 * thirds of the time of JSON, where every row repeats names and types.
 */

/** `type` is the SQL type of the column; values are sent as text. */
export type Column<Row> = { name: string; type: string; of: (row: Row) => string | boolean | null }

/** `select name::type, … from unnest(…)`: a table of the rows with its types. */
export const tableOf = <Row>(columns: Column<Row>[], rows: Row[]): SQL => {
  const typed = columns.map(({ name, type }) => sql.raw(`${name}::${type}`))
  const arrays = columns.map(({ of }) => sql`${arrayOf(rows.map(of))}::text[]`)
  return sql`select ${list(typed)} from unnest(${list(arrays)}) as r(${namesOf(columns)})`
}

export const namesOf = (columns: Column<never>[]): SQL => list(columns.map(({ name }) => sql.raw(name)))

/** `name = excluded.name, …` for `on conflict do update`. */
export const excludedOf = (columns: Column<never>[]): SQL =>
  list(columns.map(({ name }) => sql.raw(`${name} = excluded.${name}`)))

/**
 * An array literal. A page has sixty thousand values and most columns need no escaping, so a column
 * is tested once.
 */
export const arrayOf = (values: (string | boolean | null)[]): string => {
  const quoted = special.test(values.join('')) ? escaped : plain
  return `{${values.map((value) => (value === null ? 'null' : quoted(value))).join(',')}}`
}

const special = /["\\]/
const plain = (value: string | boolean) => `"${value}"`
const escaped = (value: string | boolean) => `"${String(value).replace(/["\\]/g, '\\$&')}"`

const list = (parts: SQL[]) => sql.join(parts, sql`, `)
