/** `searchParams` of a page, as Next hands them over. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** The first value of a parameter, or undefined. */
export const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** The same as a query, each parameter with its first value. */
export const queryOf = (params: Awaited<SearchParams>) =>
  new URLSearchParams(Object.entries(params).map(([name, value]) => [name, first(value) ?? '']))
