/** `https:/`, `www.`, `name@`, `word.word`, with any dot that browsers accept in a domain. */
const pageAddress = /:\/|www\.|\S@|[\p{L}\p{N}_-][.\u3002][\p{L}\p{N}]/iu

/**
 * A name as one line, so that it adds no lines to the e-mail. Null if it contains the address of a
 * page or mailbox: anyone can name a business, and the e-mail comes from us.
 */
export const nameForMail = (name: string): string | null => {
  const line = name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line === '' || pageAddress.test(line) ? null : line
}
