/** Everything that the process of a test file writes to stdout; it is printed as well. */

let text = ''

export const captureOutput = (): void => {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return write(chunk, ...rest)
  }) as typeof process.stdout.write
}

export const outputSinceReset = (): string => text

export const resetOutput = (): void => {
  text = ''
}
