import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../../connect.ts'
import { startGoogle } from '../../server.ts'
import { control } from '../../testing.ts'

const email = 'olive@example.com'
const calendarId = 'primary'
const timed = { start: { dateTime: '2026-03-02T09:00:00Z' }, end: { dateTime: '2026-03-02T10:00:00Z' } }

const google = await startGoogle()
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

const list = async (params: calendar_v3.Params$Resource$Events$List = {}) =>
  (await olive.api.events.list({ calendarId, ...params })).data
const insert = async (id: string, more: object = {}) =>
  (await olive.api.events.insert({ calendarId, requestBody: { ...timed, id, ...more } })).data
const patch = async (eventId: string, requestBody: object, etag = '*') =>
  (await olive.api.events.patch({ calendarId, eventId, requestBody }, { headers: { 'If-Match': etag } })).data
const remove = (eventId: string) => olive.api.events.delete({ calendarId, eventId })
const get = (eventId: string) => olive.api.events.get({ calendarId, eventId })
const hold = (...reads: string[]) => control(google.url, 'held-reads', { body: { reads } })
const release = () => control(google.url, 'held-reads', { method: 'DELETE' })
const titles = ({ items = [] }: calendar_v3.Schema$Events) => items.map(({ id, summary }) => [id, summary])

describe('held reads', () => {
  test('a list has no new event, the old version of a changed one, and still a deleted one', async () => {
    await insert('changed', { summary: 'Old' })
    await insert('deleted', { summary: 'Still there' })
    await hold('list')
    await patch('changed', { summary: 'New' })
    await remove('deleted')
    await insert('added', { summary: 'Too new' })
    await patch('changed', { summary: 'Newest' })
    expect(titles(await list())).toEqual([
      ['changed', 'Old'],
      ['deleted', 'Still there'],
    ])
    await release()
    expect(titles(await list())).toEqual([
      ['changed', 'Newest'],
      ['added', 'Too new'],
    ])
  })

  test('the sync token of a lagging read delivers the hidden changes later, each once', async () => {
    await insert('before')
    const { nextSyncToken: early } = await list()
    await hold('list')
    await insert('hidden')
    await patch('before', { summary: 'Later' })
    const full = await list()
    const delta = await list({ syncToken: early ?? '' })
    expect([titles(full), titles(delta)]).toEqual([[['before', undefined]], []])
    await release()
    for (const syncToken of [full.nextSyncToken ?? '', delta.nextSyncToken ?? '']) {
      const next = await list({ syncToken })
      expect(titles(next)).toEqual([
        ['hidden', undefined],
        ['before', 'Later'],
      ])
      expect(titles(await list({ syncToken: next.nextSyncToken ?? '' }))).toEqual([])
    }
  })

  test('a token from before the hold is not set back by it', async () => {
    await hold('list')
    await insert('hidden')
    await release()
    const { nextSyncToken } = await list()
    await hold('list')
    const { nextSyncToken: next } = await list({ syncToken: nextSyncToken ?? '' })
    await release()
    expect(titles(await list({ syncToken: next ?? '' }))).toEqual([])
  })

  test('after a 410, the token of a lagging full read is valid and loses nothing', async () => {
    const { nextSyncToken: old } = await list()
    await hold('list')
    await insert('hidden')
    await control(google.url, 'expire-sync-tokens', { body: {} })
    expect(await refusal(list({ syncToken: old ?? '' }))).toMatchObject({ status: 410 })
    const { nextSyncToken } = await list()
    expect(titles(await list({ syncToken: nextSyncToken ?? '' }))).toEqual([])
    await release()
    expect(titles(await list({ syncToken: nextSyncToken ?? '' }))).toEqual([['hidden', undefined]])
  })

  test('get and list are held apart', async () => {
    await hold('get')
    await insert('fresh')
    expect(await refusal(get('fresh'))).toMatchObject({ status: 404 })
    expect(titles(await list())).toEqual([['fresh', undefined]])
    await release()
    await hold('list')
    await patch('fresh', { summary: 'New' })
    expect((await get('fresh')).data.summary).toBe('New')
    expect(titles(await list())).toEqual([['fresh', undefined]])
  })

  test('writes act on the newest state: 409, 412, 410 and the current etag', async () => {
    const { etag: outdated } = await insert('event1')
    await hold('list', 'get')
    await insert('taken')
    expect(await refusal(insert('taken'))).toEqual({ status: 409, reason: 'duplicate' })
    const { etag } = await patch('event1', { summary: 'One' }, outdated ?? '')
    expect((await get('event1')).data.etag).toBe(outdated)
    expect(await refusal(patch('event1', { summary: 'Two' }, outdated ?? ''))).toMatchObject({ status: 412 })
    await patch('event1', { summary: 'Two' }, etag ?? '')
    await remove('event1')
    expect((await get('event1')).data.status).toBe('confirmed')
    expect(await refusal(remove('event1'))).toEqual({ status: 410, reason: 'deleted' })
  })

  test('exceptions and instances of a series are held with it', async () => {
    const zone = { timeZone: 'Europe/Berlin' }
    await insert('series', {
      start: { ...timed.start, ...zone },
      end: { ...timed.end, ...zone },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
    })
    await hold('list')
    await patch('series_20260303T090000Z', { summary: 'Other' })
    await remove('series_20260304T090000Z')
    const instances = () => olive.api.events.instances({ calendarId, eventId: 'series' })
    expect((await instances()).data.items?.map(({ summary }) => summary)).toEqual([undefined, undefined, undefined])
    expect(titles(await list())).toEqual([['series', undefined]])
    await release()
    expect((await instances()).data.items?.map(({ summary }) => summary)).toEqual([undefined, 'Other'])
    expect((await list()).items).toHaveLength(3)
  })

  test('what a person does is held as well; other calendars and unknown kinds are not', async () => {
    await hold('list')
    google.person.create({ email, calendarId, event: { ...timed, id: 'byhand' } })
    expect(titles(await list())).toEqual([])
    expect(google.person.event({ email, calendarId, eventId: 'byhand' })).toBeDefined()
    expect(await control(google.url, 'held-reads', { method: 'GET' })).toEqual({ list: expect.any(Number) })
    await expect(hold('insert')).rejects.toThrow('no kind of read insert')
    await control(google.url, 'reset')
    expect(await control(google.url, 'held-reads', { method: 'GET' })).toEqual({})
  })

  test('the etag of a lagging list is the old one, so that If-None-Match misses nothing later', async () => {
    await insert('before')
    const { etag } = await list()
    await hold('list')
    await insert('hidden')
    expect((await list()).etag).toBe(etag)
    await release()
    expect((await list()).etag).not.toBe(etag)
  })
})

describe('readLagMs and getLagMs', () => {
  const switches = (body: object) => control(google.url, 'switches', { body })

  test('hide writes for so many real milliseconds, but not those before the switch was set', async () => {
    await insert('before')
    await switches({ readLagMs: 150, getLagMs: 150 })
    await insert('after')
    expect(titles(await list())).toEqual([['before', undefined]])
    expect(await refusal(get('after'))).toMatchObject({ status: 404 })
    await expect.poll(async () => (await list()).items?.length).toBe(2)
    expect((await get('after')).data.id).toBe('after')
  })

  test('switching off shows everything; switching on again hides nothing older', async () => {
    await switches({ readLagMs: 60_000 })
    await insert('event1')
    await switches({ readLagMs: 0 })
    expect((await list()).items).toHaveLength(1)
    await insert('event2')
    await switches({ readLagMs: 60_000 })
    expect((await list()).items).toHaveLength(2)
    await insert('event3')
    expect((await list()).items).toHaveLength(2)
  })
})
