import { readdirSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test, vi } from 'vitest'
import { codes } from '../codes.ts'
import { problemSchema } from '../schema.ts'
import { codesOf, openApiDocument } from './openapi.ts'
import { operations } from './operations/all.ts'

vi.mock('next/server.js', () => ({ after: () => {} }))

const document = openApiDocument('https://calendar.harbour.example')

test('a linter with its recommended rules finds no error and no warning', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const found = await lintFromString({ source: JSON.stringify(document), config })
  expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

test('every route of /api/v1 is in the document, and the other way round', () => {
  const files = readdirSync('app/api/v1', { recursive: true, encoding: 'utf8' })
  const routes = files.flatMap((file) => file.match(/^(.+)\/route\.ts$/)?.[1]?.replaceAll(/\[(\w+)\]/g, '{$1}') ?? [])
  const inDocument = Object.keys(document.paths ?? {}).map((path) => path.slice(1))
  const others = ['[...path]', 'agent/{tool}']
  expect(routes.filter((route) => !others.includes(route)).sort()).toEqual(inDocument.sort())
})

test('ids of operations are unique', () => {
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
})

test.each(operations.map((each) => [each.id, each] as const))('the examples of %s are valid', (_, each) => {
  expect(each.answer.safeParse(each.example.answer)).toMatchObject({ success: true })
  if (each.body) expect(each.body.safeParse(each.example.body)).toMatchObject({ success: true })
})

test('the examples of problems are problems of their status', () => {
  const responses = Object.values(document.paths ?? {}).flatMap((path) =>
    Object.values(path as Record<string, { responses: Responses }>).flatMap((each) => Object.entries(each.responses)),
  )
  const examples = responses.flatMap(([status, { content }]) =>
    Object.values(content['application/problem+json']?.examples ?? {}).map(({ value }) => ({ status, value })),
  )
  expect(examples.length).toBeGreaterThan(100)
  for (const { status, value } of examples) {
    expect(problemSchema.strict().safeParse(value)).toMatchObject({ success: true })
    expect(value).toMatchObject({ status: Number(status), say: expect.stringMatching(/./) })
  }
})

type Responses = Record<string, { content: Record<string, { examples?: Record<string, { value: unknown }> }> }>

test('every code is documented at an operation, but for those of the agent tools', () => {
  const documented = new Set(operations.flatMap(codesOf))
  expect(codes.filter((code) => !documented.has(code))).toEqual(['weekday-mismatch'])
})
