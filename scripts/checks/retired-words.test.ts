import { expect, test } from 'vitest'
import { checkRetiredWords, checkVagueActors, retiredWords } from './retired-words.ts'

const found = (text: string) => checkRetiredWords([{ file: 'lib/a.ts', text }])

test.each([
  'a quiet look costs little',
  'const lookAtConnection = 1',
  'copies.seen is stored',
  'type Props = { seen: Seen }',
  'what unheard writes left',
  'the doorbell of Google',
  'only behind the wall',
  'const lanes = 2',
  'one story of the chaos test',
  'bench/sync/stage.ts',
  "the owner's standing answer",
  'Sophiie overrules Google',
  'brakeReleased: true',
  'news of others',
  'Google is told',
  'remove-leaving.ts',
  'the copy is unread',
  'any other sighting',
  'insert into sync_marks',
  'two journeys to Postgres',
  'Chances = {}',
  'every door checks it',
])('"%s" is found', (text) => expect(found(text)).toHaveLength(1))

test.each([
  'It looks like an address; have a look at docs/operate.md.',
  'const seen = new Set<string>()',
  'wall-clock time of a zone',
  '<div className="ring-2 focus:ring-accent">',
  'The summary is copied; a copy is kept.',
  'long-standing bug of Safari',
  'Display order, replay, playback',
  "location: '4 Hill Lane, Manly'",
  'Leave the field empty when leaving early',
])('"%s" is ordinary English', (text) => expect(found(text)).toEqual([]))

test('names file, line, word and replacement; file names count as line 0', () => {
  expect(checkRetiredWords([{ file: 'lib/stage.ts', text: 'one\nthe brake\n' }])).toEqual([
    'lib/stage.ts:0: "stage" is retired: environment or setup.',
    'lib/stage.ts:2: "brake" is retired: mass-deletion guard.',
  ])
})

test('every row has a replacement', () => {
  for (const [pattern, instead] of retiredWords) expect(instead, String(pattern)).not.toBe('')
})

test('vague actors are limited to fewer than 30 in all files together', () => {
  const files = (count: number) => [{ file: 'README.md', text: 'Nobody\n'.repeat(count) }]
  expect(checkVagueActors(files(29))).toEqual([])
  expect(checkVagueActors(files(30))).toEqual([expect.stringMatching(/30 times, 29 at most.*README\.md:30$/)])
})
