/** The `searchParams` property of a Next page. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** The first value of a parameter, or undefined. */
export const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** The first value of each parameter. */
export const queryOf = (params: Awaited<SearchParams>) =>
  new URLSearchParams(Object.entries(params).map(([name, value]) => [name, first(value) ?? '']))
