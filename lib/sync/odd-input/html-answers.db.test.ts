import { expect } from 'vitest'
import { test as syncTest } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/**
 * A page of HTML is no answer of Google Calendar, whatever its status is: it is retried, and
 * nothing is concluded from it.
 */

const test = syncTest.extend('known', { auto: true }, async ({ fixture }) => {
  const known = await fixture.book({ title: 'Known' })
  await fixture.sync()
  return known
})

const statuses = [400, 401, 403, 404, 409, 410, 412, 429, 500, 503]
const operations = ['events.insert', 'events.patch', 'events.delete', 'events.list'] as const

test.for(operations.flatMap((operation) => statuses.map((status) => [operation, status] as const)))(
  '%s answers %i with a page of HTML',
  async ([operation, status], { fixture, known }) => {
    const added = operation === 'events.insert' ? await fixture.book({ title: 'Added' }) : null
    if (operation === 'events.patch') await fixture.edit(known, { title: 'Edited' })
    if (operation === 'events.delete') await fixture.cancel(known)
    fixture.injectFault(operation, { kind: 'html', status })
    const { failure } = await fixture.sync()
    expect([null, 'transient']).toContain(failure)
    const calendar = await fixture.calendar()
    expect(calendar).toMatchObject({ waitsForPerson: false, lastFailureKind: failure })
    const item = await fixture.mapping(added ?? known)
    if (operation !== 'events.list') expect(item).toMatchObject({ lastErrorKind: 'transient', idSuffix: 0 })
    expect(await fixture.appointment(known)).toMatchObject({ removedInGoogleAt: null })

    fixture.clearFaults()
    await fixture.endBackoff()
    await fixture.sync()
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    const event = fixture.event(eventIdFor(added ?? known, 0))
    expect(event?.status).toBe(operation === 'events.delete' ? 'cancelled' : 'confirmed')
    if (operation === 'events.patch') expect(event?.summary).toBe('Edited')
    expect(fixture.event(eventIdFor(added ?? known, 1))).toBeUndefined()
  },
)
