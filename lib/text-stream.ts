/** A write to a socket costs more than a row of text. */
const leastCharacters = 32_000

/** Streams text in chunks of at least this length, with backpressure. */
export const textStream = (chunks: AsyncIterator<string, void>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      let text = ''
      while (text.length < leastCharacters) {
        const { done, value } = await chunks.next()
        if (!done) {
          text += value
          continue
        }
        if (text !== '') controller.enqueue(encoder.encode(text))
        return controller.close()
      }
      controller.enqueue(encoder.encode(text))
    },
    cancel: async () => {
      await chunks.return?.()
    },
  })
}
