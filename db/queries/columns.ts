import { type SQL, sql } from 'drizzle-orm'

/**
 * Many rows as the parameters of one statement: an array for each column. Postgres reads arrays in two thirds of the time that
 * JSON takes, which has names and types to find again in every row.
 */

/** `type` is what the column is in SQL; values travel as text. */
export type Column<Row> = { name: string; type: string; of: (row: Row) => string | boolean | null }

/** `select name::type, … from unnest(…)`: a table of the rows with its types. */
export const tableOf = <Row>(columns: Column<Row>[], rows: Row[]): SQL => {
  const typed = columns.map(({ name, type }) => sql.raw(`${name}::${type}`))
  const arrays = columns.map(({ of }) => sql`${arrayOf(rows.map(of))}::text[]`)
  return sql`select ${list(typed)} from unnest(${list(arrays)}) as r(${namesOf(columns)})`
}

export const namesOf = (columns: Column<never>[]): SQL => list(columns.map(({ name }) => sql.raw(name)))

/** `name = excluded.name, …`: what a row that is there already takes from the new one. */
export const excludedOf = (columns: Column<never>[]): SQL =>
  list(columns.map(({ name }) => sql.raw(`${name} = excluded.${name}`)))

/** An array as Postgres writes it. Most columns have nothing to escape, and a page sixty thousand values: a column is asked once. */
export const arrayOf = (values: (string | boolean | null)[]): string => {
  const quoted = special.test(values.join('')) ? escaped : plain
  return `{${values.map((value) => (value === null ? 'null' : quoted(value))).join(',')}}`
}

const special = /["\\]/
const plain = (value: string | boolean) => `"${value}"`
const escaped = (value: string | boolean) => `"${String(value).replace(/["\\]/g, '\\$&')}"`

const list = (parts: SQL[]) => sql.join(parts, sql`, `)
