import { describe, expect } from 'vitest'
import { test } from '#testing/sync-test.ts'
import type { Fault } from '../../../emulator/model.ts'
import { eventIdFor } from '../core/event-id.ts'

/** After a change of calendar, one odd answer about the old event is asked for again. */

describe.for([
  ['times', ['start', 'end']],
  ['its marker', ['extendedProperties']],
] as const)('an old event that comes without %s once', ([_, fields]) => {
  const odd: Partial<Fault> = { kind: 'missing-fields', fields: [...fields], times: 1 }

  test('is carried over with what people changed in it', async ({ fixture }) => {
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Tap, kitchen' })
    fixture.injectFault('events.get', odd)
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(fixture.liveIn(other)).toEqual([])
    expect(await fixture.mapping(id, other)).toMatchObject({
      lastErrorKind: 'transient',
      lastErrorDetail: 'not-in-full',
    })
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap, kitchen' })
    expect(fixture.liveIn(other)).toEqual(['Tap, kitchen'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
  })

  test('is removed by a later run', async ({ fixture, database }) => {
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    fixture.injectFault('events.delete', { status: 503, times: 1 })
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Tap, kitchen' })
    fixture.injectFault('events.get', odd)
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Tap, kitchen'])
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(other)).toEqual(['Tap'])
    expect(await fixture.mapping(id)).toBeNull()
    const kept = await database.sql`select before from activity where appointment_id = ${id} and actor = 'google'`
    expect(kept).toMatchObject([{ before: { title: 'Tap, kitchen' } }])
  })
})

test('a guest that Google refuses, from one odd answer, needs no person', async ({ fixture }) => {
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  fixture.inGoogle.change(eventIdFor(id, 0), { attendees: [{ email: 'guest@friends.example' }] })
  await fixture.sync()
  const other = fixture.addCalendar()
  await fixture.select(other)
  const rewrite = (answer: unknown) => ({ ...(answer as object), attendees: [{ email: 'OK' }] })
  fixture.injectFault('events.get', { kind: 'rewrite', rewrite, times: 1 })
  await fixture.sync()
  expect(await fixture.mapping(id, other)).toMatchObject({ lastErrorKind: 'transient', rejectedRevision: null })
  await fixture.endBackoff()
  await fixture.sync()
  expect(fixture.liveIn(other)).toEqual(['Tap'])
  expect(fixture.event(eventIdFor(id, 0), other)?.attendees ?? []).not.toContainEqual({ email: 'OK' })
})
