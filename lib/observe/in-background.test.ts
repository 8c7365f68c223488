import { expect, test, vi } from 'vitest'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { inBackground, untilBackgroundDone } from './in-background.ts'

setEnvironment({ url: 'postgres://nowhere' }, { url: 'http://localhost:1' })

test('a shutdown waits for work in the background, also for what that starts', async () => {
  const order: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  inBackground('x', async () => {
    await promise
    order.push('first')
    inBackground('x', async () => order.push('second'))
  })
  const done = untilBackgroundDone().then(() => order.push('done'))
  resolve()
  await done
  expect(order).toEqual(['first', 'second', 'done'])
})

test('a failure is a line in the log without its message', async () => {
  const lines: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  inBackground('thing.failed', async () => {
    throw new TypeError('0412 345 678')
  })
  await untilBackgroundDone()
  write.mockRestore()
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', event: 'thing.failed', error: 'TypeError' })
  expect(lines.join()).not.toContain('0412')
})
