import type { Code } from '../codes.ts'
import type { ApiDocument } from './openapi.ts'
import { titles } from './problem.ts'

/** The OpenAPI document as the page for people shows it. */

export type Field = { name: string; type: string; required: boolean; description: string }

export type ReferenceOperation = {
  id: string
  method: string
  path: string
  summary: string
  description: string
  scopes: string[]
  curl: string
  parameters: (Field & { place: string })[]
  body: Field[]
  bodyExample: string | null
  answer: Field[]
  answerExample: string
  status: string
  codes: string[]
}

export type Reference = {
  server: string
  sections: { name: string; description: string; operations: ReferenceOperation[] }[]
  problems: { code: string; status: string; title: string; say: string }[]
}

type Schema = {
  $ref?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  minimum?: number
  maximum?: number
  maxLength?: number
  default?: unknown
}

type Content = { schema?: Schema; example?: unknown; examples?: Record<string, { value: AnswerExample }> }
type AnswerExample = { code?: Code; say: string }
type Parameter = { in: string; name: string; description?: string; required?: boolean; schema?: Schema }
type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  'x-scopes'?: string[]
  'x-codeSamples'?: { source: string }[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Content> }
  responses: Record<string, { content?: Record<string, Content> }>
}

export const referenceOf = (document: ApiDocument): Reference => {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>
  const paths = Object.entries((document.paths ?? {}) as Record<string, Record<string, Operation>>)
  const all = paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  return {
    server: document.servers?.[0]?.url ?? '',
    sections: (document.tags ?? []).map(({ name, description = '' }) => ({
      ...{ name, description },
      operations: all
        .filter(({ operation }) => operation.tags.includes(name) && operation['x-codeSamples'])
        .map((each) => shown(each, schemas)),
    })),
    problems: problemsOf(all.map(({ operation }) => operation)),
  }
}

type Schemas = Readonly<Record<string, Schema>>
type Found = { path: string; method: string; operation: Operation }

const shown = ({ path, method, operation }: Found, schemas: Schemas): ReferenceOperation => {
  const body = operation.requestBody?.content['application/json']
  const [[status = '200', good] = []] = Object.entries(operation.responses)
    .filter(([code]) => code < '400')
    .toReversed()
  const answer = good?.content?.['application/json']
  return {
    ...{ id: operation.operationId, method, path, status, summary: operation.summary },
    description: (operation.description ?? '').split('\n\nScopes:')[0] ?? '',
    scopes: operation['x-scopes'] ?? [],
    curl: operation['x-codeSamples']?.[0]?.source ?? '',
    parameters: (operation.parameters ?? []).map(({ in: place, name, required = false, schema = {}, description }) => ({
      ...{ place, name, required, type: typeOf(schema, schemas) },
      description: description ?? schema.description ?? '',
    })),
    body: fieldsOf(body?.schema, schemas),
    bodyExample: body?.example === undefined ? null : JSON.stringify(body.example, null, 2),
    answer: fieldsOf(answer?.schema, schemas),
    answerExample: JSON.stringify(answer?.example ?? answer?.examples?.done?.value, null, 2),
    codes: refusals(operation).map(({ code }) => code),
  }
}

const resolved = (schema: Schema, schemas: Schemas): Schema =>
  schema.$ref
    ? { ...schemas[nameOf(schema.$ref)], ...(schema.description && { description: schema.description }) }
    : schema

const nameOf = (ref: string) => ref.split('/').at(-1) ?? ''

const deepest = 3

/** Fields of objects within as `customer.name`, of lists as `slots[].start`. */
const fieldsOf = (schema: Schema | undefined, schemas: Schemas, prefix = '', depth = 0): Field[] => {
  const { properties = {}, required = [] } = schema ? resolved(schema, schemas) : {}
  return Object.entries(properties).flatMap(([name, given]) => {
    const field = resolved(given, schemas)
    const own = { name: prefix + name, type: typeOf(given, schemas), required: required.includes(name) }
    const inner = field.items ?? nonNull(field)
    const within = `${prefix}${name}${field.items ? '[].' : '.'}`
    const below = depth < deepest ? fieldsOf(inner, schemas, within, depth + 1) : []
    return [{ ...own, description: field.description ?? '' }, ...below]
  })
}

const nonNull = (schema: Schema): Schema => schema.anyOf?.find(({ type }) => type !== 'null') ?? schema

const typeOf = (given: Schema, schemas: Schemas): string => {
  const schema = resolved(given, schemas)
  if (schema.enum) return schema.enum.map(String).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((each) => typeOf(each, schemas)).join(' | ')
  if (schema.items) return `list of ${typeOf(schema.items, schemas)}`
  const { type = 'any', format, minimum, maximum, maxLength } = schema
  const name = [type].flat().join(' | ')
  if (format && name === 'string') return format
  if (name === 'integer' && minimum !== undefined && maximum !== undefined && maximum < 1e6)
    return `integer ${minimum}–${maximum}`
  return maxLength === undefined ? name : `${name}, at most ${maxLength}`
}

/** Examples of what an operation refuses, as a problem or as the answer of a tool. */
const refusals = ({ responses }: Operation) =>
  Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.values(content)
      .flatMap(({ examples = {} }) => Object.values(examples))
      .flatMap(({ value: { code, say } }) => (code ? [{ code, say, status }] : [])),
  )

const problemsOf = (all: readonly Operation[]) => {
  // A code that REST answers too has its status.
  const found = all.flatMap(refusals).toSorted((a, b) => a.status.localeCompare(b.status))
  const byCode = new Map(found.map((each) => [each.code, { ...each, title: titles[each.code] }]))
  return [...byCode.values()].toSorted((a, b) => a.status.localeCompare(b.status) || a.code.localeCompare(b.code))
}
