import { expect } from 'vitest'
import { settingsOf } from '#lib/connection/settings.ts'
import { test } from '#testing/sync-test.ts'

/** A calendar of hostile events costs its own business time, and no other. */

const series = (id: string, recurrence: string[]) => ({
  id,
  etag: '"1"',
  status: 'confirmed',
  summary: id,
  start: { dateTime: '2026-12-01T09:00:00Z', timeZone: 'UTC' },
  end: { dateTime: '2026-12-01T10:00:00Z', timeZone: 'UTC' },
  recurrence,
})

const dates = (count: number) => {
  const day = (n: number) =>
    new Date(Date.UTC(2027, 0, 1) + n * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
  return Array.from({ length: count }, (_, n) => `${day(n)}T090000Z`).join(',')
}

/** CPU time, as other processes share the machine. Returns a function that ends the measurement. */
const measureSlices = () => {
  let [longest, isOver, last] = [0, false, process.cpuUsage()]
  const tick = () => {
    const { user, system } = process.cpuUsage(last)
    longest = Math.max(longest, (user + system) / 1000)
    last = process.cpuUsage()
    if (!isOver) setImmediate(tick)
  }
  tick()
  return () => {
    isOver = true
    return longest
  }
}

test('300 hostile series: the event loop is given back, and the owner sees which', { timeout: 120_000 }, async ({
  fixture,
}) => {
  await fixture.sync()
  const kinds: [string, string[]][] = [
    ['count', ['RRULE:FREQ=DAILY;COUNT=99999999']],
    ['secondly', ['RRULE:FREQ=SECONDLY']],
    ['never', ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30']],
    ['rules', Array.from({ length: 100 }, (_, n) => `RRULE:FREQ=DAILY;INTERVAL=${n + 1}`)],
    ['exdates', ['RRULE:FREQ=HOURLY', `EXDATE:${dates(5000)}`]],
    ['daily', ['RRULE:FREQ=DAILY']],
  ]
  const items = Array.from({ length: 50 }, (_, n) => kinds.map(([kind, lines]) => series(`${kind}${n}`, lines))).flat()
  const neighbour = { ...series('neighbour', []), recurrence: undefined }
  const body = JSON.stringify({
    items: [...items, neighbour],
    nextSyncToken: 'token',
    timeZone: 'Australia/Sydney',
    accessRole: 'owner',
  })
  fixture.injectFault('events.list', { kind: 'body', body, times: 1 })
  const longestSlice = measureSlices()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(longestSlice(), 'most CPU time between two turns of the event loop, in ms').toBeLessThan(800)
  const { occurrences } = await fixture.mirror()
  expect(occurrences.length).toBeLessThanOrEqual(300_100)
  expect(occurrences.some(({ instance }) => instance === 'neighbour')).toBe(true)
  const settings = await settingsOf(fixture.businessId)
  expect(settings.linked && settings.counts.skipped).toBeGreaterThan(50)
  expect(settings).toMatchObject({
    skipped: expect.arrayContaining([{ id: 'rules0', why: 'It repeats too often: later dates are not shown.' }]),
  })
})
