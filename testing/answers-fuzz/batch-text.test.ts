import { expect, test } from 'vitest'
import { readParts } from '#lib/google/batch/multipart.ts'
import { multipartReply } from '../../emulator/batch/response-parts.ts'
import { json } from '../../emulator/http.ts'
import { batchChanges, changeBatch } from './batch-text.ts'

const batchId = '00000000-0000-4000-8000-000000000001'
const { headers, body } = multipartReply(
  [1, 2, 3].map((n) => ({
    contentId: `<${batchId.replace('00000000', 'aaaaaaaa')}-${n}>`,
    reply: json({ id: `e${n}` }),
  })),
)
const text = String(body)
const read = (changed: string) =>
  readParts({ contentType: headers?.['content-type'] ?? null, body: changed }, batchId.replace('00000000', 'aaaaaaaa'))

const all = Array.from({ length: batchChanges }, (_, change) => changeBatch(text, { item: 1, change }))

test('every change has a name of its own, and changes the text', () => {
  expect(new Set(all.map(({ label }) => label)).size).toBe(batchChanges)
  for (const { label, text: changed } of all) expect(changed, label).not.toBe(text)
})

test('no change makes the answer to a part that to another', () => {
  const others = (position: number) => [1, 2, 3].filter((n) => n !== position + 1).map((n) => ({ id: `e${n}` }))
  for (const { label, text: changed } of all)
    for (const [position, part] of read(changed) ?? [])
      if (position < 3)
        expect(
          others(position).map((other) => JSON.stringify(other)),
          label,
        ).not.toContain(part.body.trim())
})

test.each([
  ['a missing part', [0, 2]],
  ['a doubled part', [0, 2]],
  ['in another order', [2, 1, 0]],
  ['no end', [0, 1]],
  ['an early end', [0]],
  ['status 500', [0, 1, 2]],
])('%s: positions %j are left', (label, positions) => {
  const changed = all.find((one) => one.label === label)
  expect([...(read(changed?.text ?? '') ?? new Map()).keys()]).toEqual(positions)
})

test('an answer without parts stays as it is', () => {
  expect(changeBatch('{"error":{}}', { item: 0, change: 3 })).toEqual({ label: 'no batch', text: '{"error":{}}' })
})
