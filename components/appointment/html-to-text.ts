/**
 * Google descriptions may be HTML; only their words are shown. Done on the text alone: a parser would meet inline handlers,
 * which the page's own policy reports as an attack.
 */
export const wordsOfHtml = (text: string): string => {
  if (!/<[a-z/!]/i.test(text)) return text
  return withoutTags(text).replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, decoded)
}

const withoutTags = (html: string) =>
  html
    .replace(/<!--.*?-->|<(script|style)\b.*?<\/\1\s*>/gis, '')
    .replace(/<(br|\/p|\/li|\/div)\b[^>]*>/gi, '\n')
    .replace(/<\/?[a-z!][^>]*>/gi, '')

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** What nobody knows stays as it was written. */
const decoded = (entity: string, name: string): string => {
  const number = name.startsWith('#') ? Number(name.replace(/^#x/i, '0x').replace('#', '')) : Number.NaN
  const isCharacter = number > 0 && number <= 0x10ffff
  return isCharacter ? String.fromCodePoint(number) : (named[name.toLowerCase()] ?? entity)
}
