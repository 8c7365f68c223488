import { expect, test } from 'vitest'
import { checkGlossary } from './glossary.ts'

const table = `
| word | meaning |
|---|---|
| remote snapshot | the event as last read |
| command, scenario | one step; several |
| outbox (browser) | pending changes |
`

test('every word of the glossary occurs in another file, in any spelling', () => {
  const files = [
    { file: 'docs/glossary.md', text: table },
    { file: 'db/schema/business.ts', text: 'remoteSnapshot: command' },
    { file: 'lib/a.sql', text: '-- the Outbox of a scenario' },
  ]
  expect(checkGlossary(files)).toEqual([])
  expect(checkGlossary(files.slice(0, 2))).toEqual([
    'docs/glossary.md: "scenario" occurs in no other file: remove it, or use it.',
    'docs/glossary.md: "outbox" occurs in no other file: remove it, or use it.',
  ])
})

test('a missing glossary is a problem', () => {
  expect(checkGlossary([])).toEqual(['docs/glossary.md is missing.'])
})
