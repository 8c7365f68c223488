import { createHash } from 'node:crypto'
import { openApiDocument } from '#lib/receptionist/http/openapi.ts'

/** The document that the client is made from. */
export const clientDocument = (): string => JSON.stringify(openApiDocument('https://calendar.harbour.example'), null, 2)

/** First line of the generated types: they belong to this document. */
export const firstLine = (): string => {
  const hash = createHash('sha256').update(clientDocument()).digest('hex').slice(0, 32)
  return `/** Made by \`npm run docs:client\` from document ${hash}. */`
}
