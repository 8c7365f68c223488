/** The answer to a batch, changed in one way. Plain data and pure functions. */

/** `item` selects a part modulo their number; `change` a change likewise, or by its name. */
export type BatchChange = { item: number; change: number | string }

type Answer = { boundary: string; parts: string[] }
type Change = { label: string; of: (answer: Answer, which: number) => string }

const readAnswer = (text: string): Answer => {
  const boundary = text.slice(2, text.indexOf('\r\n'))
  return { boundary, parts: text.split(`--${boundary}`).slice(1, -1) }
}

const written = ({ boundary, parts }: Answer, end = `--${boundary}--\r\n`): string =>
  parts.map((part) => `--${boundary}${part}`).join('') + end

const ofParts =
  (change: (parts: string[], which: number) => string[]): Change['of'] =>
  (answer, which) =>
    written({ ...answer, parts: change(answer.parts, which % Math.max(1, answer.parts.length)) })

const ofPart = (change: (part: string) => string): Change['of'] =>
  ofParts((parts, which) => parts.with(which, change(parts[which] ?? '')))

const ofText =
  (change: (text: string, answer: Answer, which: number) => string): Change['of'] =>
  (answer, which) =>
    change(written(answer), answer, which)

const statusLine = /HTTP\/1\.1 [^\r]*/
const withStatus = (status: string) => (part: string) => part.replace(statusLine, `HTTP/1.1 ${status}`)
const statuses = [100, 200, 204, 302, 400, 401, 403, 404, 409, 410, 412, 429, 500, 503].map(String)

const changes: Change[] = [
  { label: 'no parts', of: ofParts(() => []) },
  { label: 'a missing part', of: ofParts((parts, which) => parts.toSpliced(which, 1)) },
  { label: 'in another order', of: ofParts((parts) => parts.toReversed()) },
  { label: 'a doubled part', of: ofParts((parts, which) => parts.toSpliced(which, 0, parts[which] ?? '')) },
  {
    label: 'a doubled part with another status',
    of: ofParts((parts, which) => parts.toSpliced(which, 0, withStatus('500')(parts[which] ?? ''))),
  },
  ...[...statuses, '', 'OK', '2000'].map((status) => ({ label: `status ${status}`, of: ofPart(withStatus(status)) })),
  { label: 'no status line', of: ofPart((part) => part.replace(/HTTP\/1\.1 [^\r]*\r\n/, '')) },
  { label: 'no id', of: ofPart((part) => part.replace(/Content-ID: [^\r]*\r\n/, '')) },
  { label: 'the id of another batch', of: ofPart((part) => part.replace(/(<response-)\w{8}/, '$100000000')) },
  { label: 'a position too far', of: ofPart((part) => part.replace(/-\d+>/, '-9999>')) },
  { label: 'a header without a colon', of: ofPart((part) => part.replace('Content-ID:', 'Content-ID')) },
  { label: 'an empty part', of: ofPart(() => '\r\n\r\n') },
  { label: 'half of a body', of: ofPart((part) => part.slice(0, part.length * 0.8)) },
  { label: 'another boundary in the body', of: ofText((text, { boundary }) => text.replaceAll(boundary, 'other')) },
  {
    label: 'one broken boundary',
    of: ({ boundary, parts }, which) =>
      written({ boundary, parts: parts.with(which % parts.length, `x${parts[which % parts.length]}`) }),
  },
  { label: 'no end', of: (answer) => written(answer, '') },
  { label: 'the end of another boundary', of: (answer) => written(answer, '--other--\r\n') },
  {
    label: 'an early end',
    of: ({ boundary, parts }, which) =>
      written({ boundary, parts: parts.with(which % parts.length, `--${parts[which % parts.length]}`) }),
  },
  { label: 'text around the parts', of: ofText((text) => `Preamble\r\n${text}Epilogue\r\n`) },
  { label: 'lines without CR', of: ofText((text) => text.replaceAll('\r\n', '\n')) },
  { label: 'NUL in a part', of: ofPart((part) => part.replace('\r\n\r\n', '\r\n\0\r\n')) },
  { label: 'empty', of: () => '' },
  { label: 'a page', of: () => '<!DOCTYPE html><title>Error</title>' },
  ...[1, 3, 5, 7].map((eighths) => ({
    label: `${eighths} eighths`,
    of: ofText((text) => text.slice(0, (text.length * eighths) / 8)),
  })),
]

/** The number of changes. */
export const batchChanges = changes.length

/** The text with one change, and which. */
export const changeBatch = (text: string, { item, change }: BatchChange): { label: string; text: string } => {
  const named = changes.find(({ label }) => label === change) ?? changes[Number(change) % changes.length]
  const { label, of } = named ?? { label: '', of: () => text }
  const answer = readAnswer(text)
  // An error of the whole has no parts to change.
  return answer.parts.length === 0 ? { label: 'no batch', text } : { label, text: of(answer, item) }
}
