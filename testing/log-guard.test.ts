import { expect, test } from 'vitest'
import { faultsInOutput, isDistinct, isLogLine } from './log-guard.ts'

const line = JSON.stringify({ at: '2027-01-04T09:00:00.000Z', level: 'info', event: 'google.call', status: 200 })

test.each([
  ['text', 'Error: no'],
  ['another object', '{"message":"no"}'],
  ['an unknown level', line.replace('info', 'log')],
  ['no time', line.replace('2027-01-04T09:00:00.000Z', 'now')],
  ['an event with a title', line.replace('google.call', 'Blocked drain')],
  ['half a line', line.slice(0, -1)],
])('%s is no line of the log', (_, text) => {
  expect(isLogLine(text)).toBe(false)
  expect(faultsInOutput(`${line}\n${text}\n`, [])).toHaveLength(1)
})

test('output of lines of the log and of Next at its start is in order', () => {
  const start = '   ▲ Next.js 16.4.6\n   - Local:        http://localhost:3000\n ✓ Ready in 300ms\n'
  expect(faultsInOutput(`${start}\n${line}\n`, ['Blocked drain'])).toEqual([])
})

test.each(['Blocked drain', 'Mrs "Ng" 12', 'olive@harbour.example'])('finds %s in every form', (word) => {
  const inJson = line.replace('"status":200', `"title":${JSON.stringify(word)}`)
  const inAddress = line.replace('"status":200', `"path":"/?q=${encodeURIComponent(word)}"`)
  for (const text of [inJson, inAddress]) expect(faultsInOutput(text, [word])).toEqual([`the log contains “${word}”`])
})

test('finds tokens', () => {
  for (const token of ['ya29.a0AfB', '1//0gAbCdEf']) {
    const text = line.replace('"status":200', `"detail":"${token}"`)
    expect(faultsInOutput(text, [])).toEqual(['the log contains a token of Google'])
  }
})

test('only distinct words are looked for', () => {
  expect(['request', 'Lunch', 'delivery', 'Blocked drain', '+61 400 777 313', 'a@b.example'].map(isDistinct)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ])
})
