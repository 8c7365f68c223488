import { readdirSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { toolAnswerSchema, toolCodes } from '../agent/openapi.ts'
import { tools } from '../agent/tools.ts'
import { codes } from '../codes.ts'
import { problemSchema } from '../schema.ts'
import { codesOf, openApiDocument } from './openapi.ts'
import { operations } from './operations/all.ts'

vi.mock('next/server.js', () => ({ after: () => {} }))

const document = openApiDocument('https://calendar.harbour.example')
const paths = (document.paths ?? {}) as Record<string, Record<string, Documented>>
const documented = Object.values(paths).flatMap((path) => Object.values(path))

type Content = Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>
type Documented = {
  operationId: string
  requestBody?: { content: Content }
  responses: Record<string, { content: Content }>
}

test('a linter with its recommended rules finds no error and no warning', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const found = await lintFromString({ source: JSON.stringify(document), config })
  expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

test('every route of /api/v1 is in the document, and the other way round', () => {
  const files = readdirSync('app/api/v1', { recursive: true, encoding: 'utf8' })
  const routes = files.flatMap((file) => file.match(/^(.+)\/route\.ts$/)?.[1]?.replaceAll(/\[(\w+)\]/g, '{$1}') ?? [])
  const expected = routes.flatMap((route) => {
    if (route === '[...path]') return []
    return route === 'agent/{tool}' ? tools.map(({ name }) => `/agent/${name}`) : [`/${route}`]
  })
  expect(Object.keys(paths).sort()).toEqual(expected.sort())
})

test('ids of operations are unique', () => {
  const ids = documented.map(({ operationId }) => operationId)
  expect(ids).toContain('agentBookAppointment')
  expect(new Set(ids).size).toBe(operations.length + tools.length + 1)
})

test.each(operations.map((each) => [each.id, each] as const))('the examples of %s are valid', (_, each) => {
  expect(each.answer.safeParse(each.example.answer)).toMatchObject({ success: true })
  if (each.body) expect(each.body.safeParse(each.example.body)).toMatchObject({ success: true })
})

test.each(tools.map((tool) => [tool.name, tool] as const))('the examples of %s are valid', (name, tool) => {
  const { requestBody, responses } = paths[`/agent/${name}`]?.post ?? {}
  const asked = requestBody?.content['application/json']?.example
  expect(tool.input.strict().safeParse(asked)).toMatchObject({ success: true })
  const { examples = {} } = responses?.['200']?.content['application/json'] ?? {}
  expect(Object.keys(examples)).toEqual(['done', ...toolCodes(tool)])
  for (const { value } of Object.values(examples))
    expect(z.safeParse(toolAnswerSchema(tool), value)).toMatchObject({ success: true })
})

test('answers may get fields that the document does not have', () => {
  const closed = Object.entries(document.components?.schemas ?? {})
    .filter(([, schema]) => JSON.stringify(schema).includes('"additionalProperties":false'))
    .map(([name]) => name)
  expect(closed).toEqual(['Customer'])
  for (const { responses } of documented)
    expect(JSON.stringify(responses)).not.toContain('"additionalProperties":false')
})

test('the examples of problems are problems of their status', () => {
  const responses = documented.flatMap((each) => Object.entries(each.responses))
  const examples = responses.flatMap(([status, { content }]) =>
    Object.values(content['application/problem+json']?.examples ?? {}).map(({ value }) => ({ status, value })),
  )
  expect(examples.length).toBeGreaterThan(100)
  for (const { status, value } of examples) {
    expect(problemSchema.strict().safeParse(value)).toMatchObject({ success: true })
    expect(value).toMatchObject({ status: Number(status), say: expect.stringMatching(/./) })
  }
})

test('every code is documented at an operation or at an agent tool', () => {
  const ofRest = new Set(operations.flatMap(codesOf))
  expect(codes.filter((code) => !ofRest.has(code))).toEqual(['weekday-mismatch'])
  expect(tools.flatMap(toolCodes)).toContain('weekday-mismatch')
})
