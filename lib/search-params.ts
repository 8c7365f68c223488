/** `searchParams` of a page, as Next hands them over. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** The first value of a parameter, or undefined. */
export const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
