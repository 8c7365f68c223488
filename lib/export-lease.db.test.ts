import { randomUUID } from 'node:crypto'
import { performance as nodePerformance } from 'node:perf_hooks'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { takeExportLease } from './export-lease.ts'
import { textStream } from './text-stream.ts'

const database = ownDatabase()
const person = () => ({ userId: randomUUID(), businessId: randomUUID() as BusinessId })

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(() => database.sql`delete from leases`.then(() => {}))

async function* chunks(count = 3) {
  for (let n = 0; n < count; n++) yield `${n};${filler}`
}

/** Long enough for the stream to send each chunk alone. */
const filler = ' '.repeat(40_000)
const textOf = async (stream: ReadableStream | null | undefined) =>
  (await new Response(stream).text()).trim().split(/\s+/)

const begin = async (who: ReturnType<typeof person>) => {
  const lease = await takeExportLease(who)
  return lease && textStream(lease.hold(chunks()))
}

test('of exports in parallel one runs, per business and per person', async () => {
  const olive = person()
  const begun = await Promise.all(Array.from({ length: 10 }, () => begin(olive)))
  const [running] = begun.filter((stream) => stream !== null)
  expect(begun.filter((stream) => stream !== null)).toHaveLength(1)
  expect(await begin({ ...person(), businessId: olive.businessId })).toBeNull()
  expect(await begin({ ...person(), userId: olive.userId })).toBeNull()
  const other = await begin(person())
  expect(await textOf(other)).toEqual(['0;', '1;', '2;'])
  expect(await textOf(running)).toEqual(['0;', '1;', '2;'])
  expect(await textOf(await begin(olive))).toEqual(['0;', '1;', '2;'])
})

test('a refused export keeps nothing from those of others', async () => {
  const [olive, mia] = [person(), person()]
  const running = await begin(olive)
  expect(await begin({ ...mia, businessId: olive.businessId })).toBeNull()
  expect(await textOf(await begin(mia))).toEqual(['0;', '1;', '2;'])
  await running?.cancel()
})

test('an export whose reader leaves, or that fails, gives way to the next one', async () => {
  const olive = person()
  await (await begin(olive))?.cancel()
  const lease = await takeExportLease(olive)
  const failing = lease?.hold(
    (async function* () {
      yield '0;'
      throw new Error('broken')
    })(),
  )
  await expect(new Response(textStream(failing as AsyncGenerator<string, void>)).text()).rejects.toThrow('broken')
  const next = await begin(olive)
  expect(next).not.toBeNull()
  await next?.cancel()
})

test('an export leaves most of the time to others', async () => {
  const lease = await takeExportLease(person())
  const busy = async function* () {
    for (let n = 0; n < 20; n++) {
      for (const until = performance.now() + 10; performance.now() < until; );
      yield `${n};`
    }
  }
  let idle = 0
  const before = nodePerformance.eventLoopUtilization()
  for await (const _ of lease?.hold(busy()) ?? []) idle++
  expect(idle).toBe(20)
  expect(nodePerformance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
})

test('rows of text are sent together, and all of them', async () => {
  let sent = 0
  const rows = async function* () {
    for (let n = 0; n < 10_000; n++) yield `${n};`.padEnd(20)
  }
  let text = ''
  for await (const bytes of textStream(rows())) {
    sent++
    text += new TextDecoder().decode(bytes)
  }
  expect(text.trim().split(/\s+/)).toEqual(Array.from({ length: 10_000 }, (_, n) => `${n};`))
  expect(sent).toBeLessThan(10)
})

test('an abandoned export loses its lease after a minute and does not go on beside another', async () => {
  const olive = person()
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const abandoned = (await takeExportLease(olive))?.hold(chunks())
    expect((await abandoned?.next())?.value).toBe(`0;${filler}`)
    await database.sql`update leases set expires_at = now()`
    const next = await begin(olive)
    expect(next).not.toBeNull()
    vi.advanceTimersByTime(61_000)
    await expect(abandoned?.next()).rejects.toThrow('The export lost its lease.')
    expect(await database.sql`select from leases`).toHaveLength(2)
    await next?.cancel()
  } finally {
    vi.useRealTimers()
  }
})
