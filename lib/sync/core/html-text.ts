/**
 * Google's editor turns a whole description into HTML as soon as a person formats a word of it. Our
 * lines in it are recognised by their text.
 */

const lineBreak = /<br\s*\/?>|<\/?(?:p|div|li|ul|ol|h[1-6])(?:\s[^<>]*)?>|\r?\n/i
const tag = /<\/?[a-z][^<>]*>/gi
const htmlTag = /<(?:br|\/?(?:p|div|span|b|i|u|s|a|ul|ol|li|strong|em|h[1-6]|font|html-blob))(?:\s[^<>]*)?\/?>/i

export const isHtml = (text: string): boolean => htmlTag.test(text)

/** The lines as they were written, formatting included. */
export const linesOf = (text: string): string[] => text.split(isHtml(text) ? lineBreak : /\r?\n/)

/** The text of a line as a person sees it. */
export const textOf = (line: string): string => decoded(isTagged(line) ? line.replace(tag, '') : line).trim()

/** The text of a whole description; without HTML it is only trimmed by line. */
export const plainOf = (text: string): string => (isHtml(text) ? linesOf(text).map(textOf).join('\n') : text)

const isTagged = (line: string): boolean => htmlTag.test(line)

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'" }

const decoded = (text: string): string =>
  text
    .replace(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\u00a0/g, ' ')

/** A line of plain text within HTML. */
export const escaped = (line: string): string => line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
