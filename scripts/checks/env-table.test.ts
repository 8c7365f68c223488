import { expect, test } from 'vitest'
import { withEnvTable } from './env-table.ts'

const empty = 'before\n<!-- variables: npm run docs:env -->\nold\n<!-- /variables -->\nafter\n'

test('replaces what is between the markers, and nothing else', () => {
  const document = withEnvTable(empty)
  expect(document).toMatch(/^before\n<!-- variables.*-->\n\nRequired:\n\n- `DATABASE_URL`: /)
  expect(document).toMatch(/\n\n<!-- \/variables -->\nafter\n$/)
  expect(document).not.toContain('old')
  expect(withEnvTable(document)).toBe(document)
})

test('required and optional variables, defaults, and lines that fit', () => {
  const [required = '', optional = ''] = withEnvTable(empty).split('Optional:')
  expect(required).toContain('- `TOKEN_ENCRYPTION_KEYS`: ')
  expect(optional).toMatch(/- `PORT`: .*Default: `3000`\./)
  for (const line of `${required}${optional}`.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
})

test('every variable is described', () => {
  expect(withEnvTable(empty)).not.toMatch(/`: *$/m)
})

test('a document without markers is an error', () => {
  expect(() => withEnvTable('# Deploy')).toThrow('docs/deploy.md lacks <!-- variables')
})
