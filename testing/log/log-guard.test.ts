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
  expect(faultsInOutput(`${start}\n${line}\n${start}${line}\n`, ['Blocked drain'])).toEqual([])
  expect(faultsInOutput('\u001b[1m\u001b[38;2;173;127;168m▲ Next.js 16.4.6\u001b[39m\u001b[22m\n', [])).toEqual([])
})

test.each(['Blocked drain', 'Mrs "Ng" 12', 'olive@harbour.example'])('finds %s in every form', (word) => {
  const inJson = line.replace('"status":200', `"title":${JSON.stringify(word)}`)
  const inAddress = line.replace('"status":200', `"path":"/?q=${encodeURIComponent(word)}"`)
  for (const text of [inJson, inAddress]) expect(faultsInOutput(text, [word])).toEqual([`the log contains “${word}”`])
})

test('finds tokens', () => {
  for (const token of ['ya29.a0AfB', '1//0gAbCdEf', 'eyJhbGciOiJkaXIiLCJlbmMi']) {
    const text = line.replace('"status":200', `"detail":"${token}"`)
    expect(faultsInOutput(text, [])).toEqual(['the log contains a token'])
  }
})

test.each(['Blocked drain', '+61 400 777 313', 'a@b.example', '12 Planted Street'])('%s is distinct', (word) => {
  expect(isDistinct(word)).toBe(true)
})

test.each([
  ...['request', 'Lunch', 'delivery', 'a@b', '2027-01-04', '2027-01-04T09:00:00Z', '2027-01-04T09:00:00.000Z'],
  '6f9619ff-8b86-4011-b42d-00c04fc964ff',
])('%s may be in a log by chance', (word) => {
  expect(isDistinct(word)).toBe(false)
})
