import { isStorable } from './clean-text.ts'

/** The `searchParams` property of a Next page. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** The first value of a parameter, if any. Text that Postgres cannot store counts as absent. */
export const first = (value: string | string[] | undefined) => {
  const text = Array.isArray(value) ? value[0] : value
  return text !== undefined && isStorable(text) ? text : undefined
}

/** A query parameter of a route, or null. Text that Postgres cannot store counts as absent. */
export const parameter = (query: URLSearchParams, name: string): string | null => {
  const text = query.get(name)
  return text !== null && isStorable(text) ? text : null
}

/** The first value of each parameter. */
export const queryOf = (params: Awaited<SearchParams>) =>
  new URLSearchParams(Object.entries(params).map(([name, value]) => [name, first(value) ?? '']))
