/** A sentence of the document: what is between backticks is code. */
export const Words = ({ text }: { text: string }) =>
  partsOf(text).map(({ at, part, isCode }) => (isCode ? <Code key={at}>{part}</Code> : <span key={at}>{part}</span>))

const partsOf = (text: string) => {
  let at = 0
  return text.split('`').map((part, n) => {
    at += part.length + 1
    return { at, part, isCode: n % 2 === 1 }
  })
}

export const Code = ({ children }: { children: string }) => (
  <code className="rounded-sm bg-sunk px-1 py-0.5 font-mono text-xs break-words text-ink">{children}</code>
)

/** Lines wrap, so that nothing has to scroll sideways on a phone. */
export const Block = ({ children }: { children: string }) => (
  <pre className="rounded-lg border border-line bg-sunk p-3 font-mono text-xs leading-relaxed break-words whitespace-pre-wrap text-ink">
    {children}
  </pre>
)
