/** What the process of a test file writes to stdout and stderr; it is printed as well. */

let sinceReset = ''
let whole = ''

export const captureOutput = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      sinceReset += text
      whole += text
      return write(chunk, ...rest)
    }) as typeof stream.write
  }
}

export const outputSinceReset = (): string => sinceReset

/** Since the test file began. */
export const wholeOutput = (): string => whole

export const resetOutput = (): void => {
  sinceReset = ''
}
