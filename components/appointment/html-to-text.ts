/**
 * The text of a Google description, which may be HTML. Works on the string: a DOM parser would meet
 * inline event handlers, which the page's CSP reports as violations.
 */
export const htmlToText = (text: string): string => {
  if (!/<[a-z/!]/i.test(text)) return text
  return withoutTags(text).replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, decoded)
}

const withoutTags = (html: string) =>
  html
    .replace(/<!--.*?-->|<(script|style)\b.*?<\/\1\s*>/gis, '')
    .replace(/<(br|\/p|\/li|\/div)\b[^>]*>/gi, '\n')
    .replace(/<\/?[a-z!][^>]*>/gi, '')

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** Unknown entities are left as they are. */
const decoded = (entity: string, name: string): string => {
  const number = name.startsWith('#') ? Number(name.replace(/^#x/i, '0x').replace('#', '')) : Number.NaN
  const isCharacter = number > 0 && number <= 0x10ffff
  return isCharacter ? String.fromCodePoint(number) : (entities[name.toLowerCase()] ?? entity)
}
