/**
 * Text from outside (a form, an address, Google) as Postgres, JSON and a page can hold it: without
 * the character 0 and half surrogate pairs, and no longer than `max` UTF-16 units.
 */
export const cleanText = (value: string, { max }: { max: number }): string => {
  const storable = isStorable(value) ? value : value.replaceAll('\0', '').toWellFormed()
  return storable.length <= max ? storable : withoutHalfPair(storable.slice(0, max))
}

/** False for text that Postgres refuses. Refuse such tokens and ids: a corrected id is another. */
export const isStorable = (value: string): boolean => value.isWellFormed() && !value.includes('\0')

/** A cut between the two halves of a pair leaves the first of them at the end. */
const withoutHalfPair = (text: string): string => text.replace(/[\ud800-\udbff]$/, '')
