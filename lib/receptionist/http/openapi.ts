import { z } from 'zod'
import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import { toolPaths, toolTag, toolTagText } from '../agent/openapi.ts'
import type { Code } from '../codes.ts'
import { limits } from '../limits.ts'
import { needsOf } from '../verb-needs.ts'
import { callIdHeader, headerText, problemContent, problemResponses } from './document-parts.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations/all.ts'
import { titles } from './problem.ts'

/** The OpenAPI 3.1 document, made from the schemas that validate. `origin`: of this server. */
export const openApiDocument = (origin: string) => createDocument(contents(origin), { override: openAnswers })

/** Fields may be added to answers, so that their objects are not closed. */
const openAnswers: CreateDocumentOptions['override'] = ({ jsonSchema, io }) => {
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
}

const contents = (origin: string): ZodOpenApiObject => ({
  openapi: '3.1.0',
  info: {
    title: 'Sophiie Calendar',
    version: '1.0.0',
    description,
    license: { name: 'Proprietary', url: `${origin}/help/api` },
  },
  externalDocs: { url: `${origin}/help/api`, description: 'The same for people.' },
  servers: [{ url: `${origin}/api/v1` }],
  security: [{ key: [] }],
  tags: tags.map(([name, text]) => ({ name, description: text })),
  paths: pathsOf(operations),
  components: {
    securitySchemes: {
      key: {
        ...{ type: 'http', scheme: 'bearer', bearerFormat: 'sk_live_… or sk_test_…' },
        description: 'An API key of Settings → Receptionist. With `sk_test_…` nothing is booked for people.',
      },
    },
  },
})

export type ApiDocument = ReturnType<typeof openApiDocument>

const { reads, writes } = limits

const description = `Finds free times and books them for a caller on the phone.

Times are instants with the offset of the business; durations are minutes. Fields and codes may be added; none is \
renamed, and a change that breaks clients gets a new version in the address. Unknown fields of a request are refused, \
except by agent tools.

Each key has ${reads.perMinute} reads and ${writes.perMinute} writes a minute, ${reads.burst} of each at once.`

const tags = [
  ['Times', 'What is free, and keeping it.'],
  ['Appointments', 'Booking, finding, moving and cancelling.'],
  ['Messages', 'Wishes that people work off.'],
  ['Changes', 'What happened since.'],
  [toolTag, toolTagText],
] as const

const pathsOf = (all: readonly Operation[]) => {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const each of all) paths[each.path] = { ...paths[each.path], [each.method.toLowerCase()]: toOperation(each) }
  return { ...paths, ...toolPaths(), '/openapi.json': { get: ownDocument() } }
}

const ownDocument = (): ZodOpenApiOperationObject => ({
  ...{ operationId: 'getDocument', tags: ['Changes'], summary: 'This document', security: [] },
  responses: {
    '200': {
      description: 'The OpenAPI document.',
      content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } },
    },
    '405': { description: titles['method-not-allowed'], content: problemContent(['method-not-allowed']) },
  },
})

/** Scopes are named for people and programs; bearer schemes have none of their own in OpenAPI. */
const toOperation = (each: Operation): ZodOpenApiOperationObject => {
  const scopes = needsOf(each.verb, {}).scopes
  return {
    ...{ operationId: each.id, tags: [each.tag], summary: each.summary },
    description: `${each.description}\n\nScopes: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`,
    'x-scopes': scopes,
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: each.curl }],
    requestParams: {
      ...(each.path.includes('{id}') && { path: z.object({ id: z.uuid() }) }),
      ...(each.query && { query: each.query as z.ZodObject }),
      header: headersOf(each),
    },
    ...(each.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: each.body, example: each.example.body } },
      },
    }),
    responses: { ...goodResponses(each), ...problemResponses(codesOf(each)) },
  }
}

const headersOf = ({ method, takesRevision }: Operation) =>
  z.object({
    ...(method === 'POST' && { 'Idempotency-Key': idempotencyKey }),
    ...(takesRevision && { 'If-Match': ifMatch }),
    'X-Call-Id': callIdHeader,
  })

const idempotencyKey = z.string().min(1).max(255).meta({
  description: 'New for each request, the same for its repetitions. Answers are kept for 24 hours.',
  example: '3f0e7a52-9c1b-4d68-a7e4-51b2c8d90f36',
})
const ifMatch = z.string().meta({ description: 'The revision that you know, in quotes.', example: '"1"' })

const goodResponses = (each: Operation): ZodOpenApiResponsesObject => {
  const status = each.status?.(each.example.answer) ?? 200
  const isVersioned = 'revision' in each.example.answer
  const response = {
    description: each.summary,
    headers: z.object({
      ...(isVersioned && { ETag: headerText('The revision, in quotes.') }),
      ...(each.location && { Location: headerText('Address of what was made.') }),
      ...(each.method === 'POST' && {
        'Idempotent-Replayed': headerText('`true` if this is the kept answer of an earlier request.').optional(),
      }),
    }),
    content: { 'application/json': { schema: each.answer, example: each.example.answer } },
  }
  const isRepeated = each.status?.({ ...each.example.answer, alreadyBooked: true }) === 200 && status !== 200
  const before = { ...response, description: 'It was booked before.', headers: undefined }
  return { [status]: response, ...(isRepeated && { 200: before }) }
}

/** The codes of an operation by status. */
export const codesOf = ({ method, path, body, codes }: Operation): Code[] => {
  const always: Code[] = ['invalid', 'unauthorized', 'forbidden', 'method-not-allowed', 'rate-limited', 'unavailable']
  const ofPost: Code[] = ['idempotency-missing', 'idempotency-running', 'idempotency-mismatch']
  const ofBody: Code[] = ['too-large', 'unsupported-media-type']
  const ofPath: Code[] = path.includes('{id}') ? ['not-found'] : []
  return [...new Set([...always, ...(method === 'POST' ? ofPost : []), ...(body ? ofBody : []), ...ofPath, ...codes])]
}
