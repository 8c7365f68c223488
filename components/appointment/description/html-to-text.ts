import { safeHref } from './linked-text.ts'

/** More than Google keeps of a description; it also bounds the work below. */
const longest = 20_000

/**
 * The text of a Google description, which may be HTML, with the addresses of its links. Works on
 * the string: a DOM parser would meet inline event handlers, which the page's CSP reports as
 * violations. Only the tags of HTML are tags: `<ann@x.example>` and `<https://x.example>` are text.
 */
export const htmlToText = (description: string): string => {
  const text = description.length > longest ? `${description.slice(0, longest).toWellFormed()}…` : description
  if (!anyTag.test(text)) return text
  return withoutTags(text.replace(link, linkText)).replace(entity, decoded)
}

const inline =
  'a|abbr|b|big|bdi|bdo|cite|code|em|font|i|img|ins|del|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|u|var|wbr|time'
const block =
  'address|article|aside|blockquote|body|br|caption|center|dd|div|dl|dt|figure|figcaption|footer|form|h[1-6]|head|header|hr|html|li|link|main|meta|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul'
const active =
  'script|style|iframe|object|embed|svg|math|template|noscript|button|input|select|option|textarea|video|audio|canvas|base'
/** Of Microsoft Office. */
const office = '[ovwm]:[a-z]+'
const attributes = '(?:[\\s/](?:"[^"<]*"|\'[^\'<]*\'|[^<>"\'])*)?'

const tag = (names: string, side = '/?') => new RegExp(`<${side}(?:${names})${attributes}>`, 'gi')
const allTags = tag([inline, block, active, office, '!doctype'].join('|'))
const anyTag = new RegExp(`${allTags.source}|<!--`, 'i')
const lineEnds = new RegExp(`${tag('br|hr').source}|${tag('p|li|div|tr|h[1-6]', '/').source}`, 'gi')
const hidden = /<!--.*?-->|<(script|style)\b.*?<\/\1\s*>/gis
const link = /<a\s[^<>]*?\bhref\s*=\s*(?:"([^"<]*)"|'([^'<]*)'|([^\s<>"']+))[^<>]*>(.*?)<\/a\s*>/gis
const entity = /&(#x?[0-9a-f]+|[a-z]+);/gi

const withoutTags = (html: string) => html.replace(hidden, '').replace(lineEnds, '\n').replace(allTags, '')

/** The words of a link, and its address unless they are the address. */
const linkText = (_: string, double?: string, single?: string, bare?: string, words = ''): string => {
  const href = (double ?? single ?? bare ?? '').trim()
  const address = safeHref(href.replace(entity, decoded))
  const shown = withoutTags(words).replace(entity, decoded).trim()
  return !address || sameAddress(shown, address) ? words : `${words} ${escaped(address)}`
}

const sameAddress = (shown: string, address: string) =>
  address === `mailto:${shown}` || [address, address.replace(/\/$/, '')].includes(safeHref(shown) ?? shown)

/** Survives the removal of tags and the decoding of entities. */
const escaped = (address: string) => address.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** Unknown entities are left as they are. */
const decoded = (found: string, name: string): string => {
  const number = name.startsWith('#') ? Number(name.replace(/^#x/i, '0x').replace('#', '')) : Number.NaN
  const isCharacter = number > 0 && number <= 0x10ffff
  return isCharacter ? String.fromCodePoint(number) : (entities[name.toLowerCase()] ?? found)
}
