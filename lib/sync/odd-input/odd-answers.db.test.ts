import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { holdReads, releaseReads } from '../../../emulator/calendar/lists/lag.ts'
import type { Fault } from '../../../emulator/model.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Answers with status 200 that are not what was asked for, or not all of it. */

const meeting = (day: string) => ({
  summary: `Supplier ${day}`,
  start: { dateTime: `${day}T10:00:00+11:00`, timeZone: 'Australia/Sydney' },
  end: { dateTime: `${day}T11:00:00+11:00`, timeZone: 'Australia/Sydney' },
})
const days = ['2027-01-12', '2027-01-13', '2027-01-14']

/** An appointment in Google and three events of people, read, with a cursor that is lost. */
const test = syncTest.extend('known', { auto: true }, async ({ fixture }) => {
  for (const day of days) fixture.inGoogle.create(meeting(day))
  const known = await fixture.book({ title: 'Known' })
  await fixture.sync()
  fixture.expireSyncTokens()
  return known
})

const titles = async (fixture: SyncFixture) => (await fixture.mirror()).events.map((event) => event.title).sort()
const all = days.map((day) => `Supplier ${day}`)

const expectNothingRemoved = async (fixture: SyncFixture, known: string) => {
  expect(await titles(fixture)).toEqual(all)
  expect(await fixture.appointment(known)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
  expect(await fixture.mapping(known)).toMatchObject({ state: 'live', idSuffix: 0 })
}

const expectRecovery = async (fixture: SyncFixture, known: string) => {
  fixture.clearFaults()
  await fixture.endLag()
  await fixture.sync()
  await fixture.endLag()
  await fixture.sync()
  await expectNothingRemoved(fixture, known)
  expect(await fixture.status()).toMatchObject({ state: 'healthy' })
}

type Page = Record<string, unknown> & { items: Record<string, unknown>[] }
const rewrite = (change: (page: Page) => unknown): Partial<Fault> => ({
  kind: 'rewrite',
  rewrite: (answer) => change(answer as Page),
})
const isNot = (title?: string) => (item: Record<string, unknown>) => item.summary !== title

describe.for(['ask', 'cancel', 'put-back'])('the full read, default answer %s', (answer) => {
  test.for<[string, Partial<Fault>]>([
    ['{}', { kind: 'empty-object' }],
    ['a page of HTML', { kind: 'html', status: 200 }],
    ['a JSON string', { kind: 'json-string' }],
    ['no items and no token', { kind: 'empty-list' }],
    ['items without any token', { kind: 'no-token' }],
    ['two tokens', { kind: 'both-tokens' }],
    ['the same page again and again', { kind: 'repeat-page' }],
    ['half of its JSON', { kind: 'truncated-json' }],
    ['a body that breaks off', { kind: 'cut-short' }],
    ['a sync token and no items', rewrite((page) => ({ nextSyncToken: page.nextSyncToken }))],
    ['a sync token and an empty list', rewrite((page) => ({ ...page, items: [] }))],
    ['an event of people less', rewrite((page) => ({ ...page, items: page.items.filter(isNot(all[0])) }))],
    ['the last event of people less', rewrite((page) => ({ ...page, items: page.items.filter(isNot(all[2])) }))],
  ])('%s: a failure that is retried, and nothing is removed', async ([_, fault], { fixture, known }) => {
    await fixture.setDefaultAnswer(answer)
    fixture.injectFault('events.list', { ...fault, after: 1 })
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    await expectNothingRemoved(fixture, known)
    expect(await fixture.status()).toMatchObject({ state: 'delayed', why: 'transient' })
    await expectRecovery(fixture, known)
  })

  // An event of ours is asked for by its id instead.
  test('the event of an appointment less: the run succeeds, and nothing is removed', async ({ fixture, known }) => {
    await fixture.setDefaultAnswer(answer)
    const withoutKnown = rewrite((page) => ({ ...page, items: page.items.filter(isNot('Known')) }))
    fixture.injectFault('events.list', { ...withoutKnown, after: 1 })
    const requests = fixture.recordRequests()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(requests()).toContain('events.get')
    await expectNothingRemoved(fixture, known)
    await expectRecovery(fixture, known)
  })
})
test('pages that lead round in a circle end', async ({ fixture, known }) => {
  await fixture.sync()
  for (let n = 0; n < 60; n++)
    fixture.injectFault('events.list', {
      kind: 'body',
      body: `{"items":[{"id":"e${n}","etag":"\\"1\\"","start":{"date":"2027-01-01"},"end":{"date":"2027-01-02"}}],"nextPageToken":"token-${n % 2}"}`,
      times: 1,
    })
  const requests = fixture.recordRequests()
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  expect(requests().length).toBeLessThan(6)
  expect(await fixture.mapping(known)).toMatchObject({ state: 'live' })
  expect(await titles(fixture)).toEqual(expect.arrayContaining(all))
})

test('empty pages without end are a failure', async ({ fixture, known }) => {
  await fixture.sync()
  const requests = fixture.recordRequests()
  for (let n = 0; n < 60; n++)
    fixture.injectFault('events.list', { kind: 'body', body: `{"items":[],"nextPageToken":"token-${n}"}`, times: 1 })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  expect(requests().length).toBeLessThan(30)
  await expectNothingRemoved(fixture, known)
})

test('page tokens that are refused again and again are a failure', async ({ fixture, known }) => {
  fixture.injectFault('events.list', {
    ...rewrite(({ nextSyncToken: _, ...page }) => ({ ...page, nextPageToken: 'unknown' })),
    after: 1,
  })
  const requests = fixture.recordRequests()
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  expect(requests().length).toBeLessThan(10)
  await expectNothingRemoved(fixture, known)
})

test('an item of a delta that comes without an id once is read again', async ({ fixture, known }) => {
  await fixture.sync()
  const added = {
    summary: 'Added',
    start: { dateTime: '2027-05-03T00:00:00Z' },
    end: { dateTime: '2027-05-03T01:00:00Z' },
  }
  fixture.inGoogle.create(added)
  const withoutIds = rewrite((page) => ({ ...page, items: page.items.map(({ id: _, ...item }) => item) }))
  fixture.injectFault('events.list', { ...withoutIds, times: 1 })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).toContain('Added')
  expect(await fixture.mapping(known)).toMatchObject({ state: 'live' })
})

test('an item of a delta that never has an id is skipped at last, and named', async ({ fixture }) => {
  await fixture.sync()
  fixture.inGoogle.create({ summary: 'Odd', start: { date: '2027-05-03' }, end: { date: '2027-05-04' } })
  const withoutIds = rewrite((page) => ({ ...page, items: page.items.map(({ id: _, ...item }) => item) }))
  fixture.injectFault('events.list', withoutIds)
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  await fixture.endLag()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await fixture.calendar()).toMatchObject({ skippedCount: 1 })
})

test('a change that came without an id for long is found by a full read a minute later', async ({ fixture }) => {
  await fixture.sync()
  fixture.inGoogle.create({ summary: 'Odd', start: { date: '2027-05-03' }, end: { date: '2027-05-04' } })
  const withoutIds = rewrite((page) => ({ ...page, items: page.items.map(({ id: _, ...item }) => item) }))
  fixture.injectFault('events.list', { ...withoutIds, times: 2 })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  await fixture.endLag()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).not.toContain('Odd')
  await fixture.endLag()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).toContain('Odd')
  expect(await fixture.calendar()).toMatchObject({ skippedCount: 0, fullReadAt: null })
})

test('what a full read had without an id for long is found by the next one, an hour later', async ({ fixture }) => {
  await fixture.sync()
  fixture.inGoogle.create({ summary: 'Odd', start: { date: '2027-05-03' }, end: { date: '2027-05-04' } })
  fixture.expireSyncTokens()
  const withoutIds = rewrite((page) => ({ ...page, items: page.items.map(({ id: _, ...item }) => item) }))
  fixture.injectFault('events.list', { ...withoutIds, after: 1, times: 2 })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  await fixture.endLag()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await fixture.calendar()).toMatchObject({ skippedCount: 5, fullReadAt: expect.any(String) })
  // Until then changes arrive by the token.
  const later = fixture.inGoogle.create({
    summary: 'Later',
    start: { date: '2027-05-05' },
    end: { date: '2027-05-06' },
  })
  await fixture.endLag()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).toContain('Later')
  fixture.inGoogle.remove(later.id)
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).not.toContain('Later')
  expect(await titles(fixture)).not.toContain('Odd')
  await fixture.endLag(60)
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).toContain('Odd')
  expect(await fixture.calendar()).toMatchObject({ skippedCount: 0, fullReadAt: null })
})

test('an item without an id may be any event: nothing is removed by that read', async ({ fixture, known }) => {
  fixture.inGoogle.create(meeting('2027-01-15'))
  await fixture.sync()
  fixture.expireSyncTokens()
  fixture.injectFault('events.list', {
    ...rewrite((page) => ({ ...page, items: page.items.map(({ id: _, ...item }) => item) })),
    after: 1,
  })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  await fixture.endLag()
  // Not a failure for ever: it would be one in every read, for as long as Google sends that item.
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).toEqual([...all, 'Supplier 2027-01-15'])
  expect(await fixture.mapping(known)).toMatchObject({ state: 'live' })
})

test('an event that cannot be read any more is kept as it was, and named', async ({ fixture, known }) => {
  fixture.injectFault('events.list', {
    ...rewrite((page) => ({
      ...page,
      items: page.items.map((item) => (item.summary === all[0] ? { ...item, start: {}, end: {} } : item)),
    })),
    after: 1,
  })
  fixture.injectFault(
    'events.get',
    rewrite((item) => ({ ...item, start: {}, end: {} })),
  )
  await fixture.sync()
  await expectNothingRemoved(fixture, known)
  expect(await fixture.calendar()).toMatchObject({ skippedCount: 1, skippedEvents: [{ reason: 'missing' }] })
})

describe('an item that cannot be read in a list', () => {
  const spoiled = (change: (item: Record<string, unknown>) => unknown): Partial<Fault> => ({
    ...rewrite((page) => ({ ...page, items: page.items.map(change) })),
    times: 1,
  })
  const withoutTimes = ({ start, end, ...item }: Record<string, unknown>) => item
  const withoutStatus = (item: Record<string, unknown>) => ({ ...item, status: 7 })

  test.for([
    ['without times', withoutTimes],
    ['refused as a whole', withoutStatus],
  ] as const)('%s is fetched by its id', async ([_, spoil], { fixture }) => {
    await fixture.sync()
    fixture.inGoogle.create(meeting('2027-01-16'))
    fixture.injectFault('events.list', spoiled(spoil))
    expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list', 'events.get'])
    expect(await titles(fixture)).toEqual([...all, 'Supplier 2027-01-16'])
    expect(await fixture.calendar()).toMatchObject({ skippedCount: 0 })
  })

  test.for([
    ['without times', withoutTimes],
    ['refused as a whole', withoutStatus],
  ] as const)('%s with many others is listed again', async ([_, spoil], { fixture }) => {
    await fixture.sync()
    for (let n = 0; n < 60; n++) fixture.inGoogle.create({ ...meeting('2027-01-17'), summary: `Many ${n}` })
    fixture.injectFault('events.list', spoiled(spoil))
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toHaveLength(all.length + 60)
  })

  const afterAllTime = {
    start: { dateTime: '9999-12-31T23:00:00-05:00' },
    end: { dateTime: '9999-12-31T23:30:00-05:00' },
  }

  test('many that begin after the year 9999 are skipped at once, and the others are read', async ({ fixture }) => {
    await fixture.sync()
    for (let n = 0; n < 60; n++) fixture.inGoogle.create({ ...afterAllTime, summary: `Late ${n}` })
    fixture.inGoogle.create(meeting('2027-01-17'))
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toEqual([...all, 'Supplier 2027-01-17'])
    expect(await fixture.calendar()).toMatchObject({ skippedCount: 60 })
  })

  test('many that begin after the year 9999 in a list only are listed again', async ({ fixture }) => {
    await fixture.sync()
    for (let n = 0; n < 60; n++) fixture.inGoogle.create({ ...meeting('2027-01-17'), summary: `Many ${n}` })
    fixture.injectFault(
      'events.list',
      spoiled((item) => ({ ...item, ...afterAllTime })),
    )
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toHaveLength(all.length + 60)
  })

  test.for([
    ['without times', withoutTimes],
    ['refused as a whole', withoutStatus],
  ] as const)('%s is listed again while reads by id lag', async ([_, spoil], { fixture, google }) => {
    await fixture.sync()
    const [event] = (await fixture.mirror()).events
    holdReads(google.world, ['get'])
    fixture.inGoogle.change(event?.id ?? '', { summary: 'Moved' })
    fixture.injectFault('events.list', spoiled(spoil))
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toContain('Moved')
  })
})

test('a full read that lags behind what a delta delivered removes nothing', async ({ fixture, google, known }) => {
  await fixture.sync()
  holdReads(google.world, ['list'])
  releaseReads(google.world)
  fixture.inGoogle.create(meeting('2027-01-16'))
  await fixture.sync()
  fixture.expireSyncTokens()
  fixture.injectFault('events.list', {
    ...rewrite((page) => ({ ...page, items: page.items.filter((item) => item.summary !== 'Supplier 2027-01-16') })),
    times: 1,
    after: 1,
  })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  expect(await titles(fixture)).toContain('Supplier 2027-01-16')
  await fixture.sync()
  expect(await titles(fixture)).toContain('Supplier 2027-01-16')
  expect(await fixture.mapping(known)).toMatchObject({ state: 'live' })
})

test('an event that Google keeps out of its lists ends the repetition, and stays', async ({ fixture }) => {
  fixture.injectFault('events.list', {
    ...rewrite((page) => ({ ...page, items: page.items.filter((item) => item.summary !== all[1]) })),
    after: 1,
  })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  await fixture.endLag()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await titles(fixture)).toEqual(all)
  expect(await fixture.status()).toMatchObject({ state: 'healthy' })
})

test('an event that a full read lacks stays if its id answers with unreadable times', async ({ fixture, known }) => {
  fixture.injectFault('events.list', {
    ...rewrite((page) => ({ ...page, items: page.items.filter((item) => item.summary !== all[1]) })),
    times: 1,
    after: 1,
  })
  fixture.injectFault('events.get', { kind: 'missing-fields', fields: ['end'], times: 1 })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  await expectNothingRemoved(fixture, known)
  expect(await fixture.status()).toMatchObject({ state: 'delayed' })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  await expectNothingRemoved(fixture, known)
})

test('an insert that answers with a page of HTML is repeated under the same id', async ({ fixture }) => {
  fixture.injectFault('events.insert', { kind: 'html', status: 200, times: 1 })
  const id = await fixture.book()
  await fixture.sync()
  expect(await fixture.mapping(id)).toMatchObject({ state: 'pending', lastErrorKind: 'transient' })
  expect(fixture.event(eventIdFor(id, 0))).toBeUndefined()
  await fixture.endBackoff()
  await fixture.sync()
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0 })
  expect(fixture.event(eventIdFor(id, 0))?.status).toBe('confirmed')
})
