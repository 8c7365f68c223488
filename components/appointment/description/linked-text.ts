/** A part of a text: a link if it has an address. */
export type TextPart = { text: string; href?: string }

const address = /\bhttps?:\/\/[^\s<>"]+|\bmailto:[^\s<>"@]+@[^\s<>"]+/gi

/** The addresses of pages and mailboxes in a plain text, and the text between them. */
export const linkedText = (text: string): TextPart[] => {
  const parts: TextPart[] = []
  let done = 0
  for (const { 0: match, index } of text.matchAll(address)) {
    const found = withoutPunctuation(match)
    const href = safeHref(found)
    if (!href) continue
    if (index > done) parts.push({ text: text.slice(done, index) })
    parts.push({ text: found, href })
    done = index + found.length
  }
  if (done < text.length) parts.push({ text: text.slice(done) })
  return parts
}

/** The address as a link may have it; null for scripts and everything else that is not a page. */
export const safeHref = (text: string): string | null => {
  try {
    const { protocol, href } = new URL(text.trim())
    return ['http:', 'https:', 'mailto:'].includes(protocol) ? href : null
  } catch {
    return null
  }
}

/** The end of a sentence, and a bracket that was opened before the address. */
const withoutPunctuation = (match: string): string => {
  const trimmed = match.replace(/[.,;:!?'*]+$/, '')
  const isUnopened = /[)\]]$/.test(trimmed) && !/[([]/.test(trimmed)
  return isUnopened ? withoutPunctuation(trimmed.slice(0, -1)) : trimmed
}
