import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { readLink } from '#db/queries/sync/accounts.ts'
import { revoke } from '#lib/jobs/revoke.ts'
import { everything } from '#testing/everything.ts'
import { entries, revocations, test } from '#testing/member-link-test.ts'
import { mostBusyCalendars } from '../busy/schema.ts'
import { offeredBy } from '../offered.ts'

describe('calendars that block', () => {
  test('ticking adds rows and requests, unticking removes them and stops the channels', async ({
    database,
    google,
    mia,
  }) => {
    await mia.link()
    expect(await mia.save([mia.home, mia.email])).toEqual({ ok: true, calendars: 2 })
    const rows = await mia.rows()
    expect(rows.map(({ calendar_id, purpose, requested }) => [calendar_id, purpose, requested])).toEqual(
      expect.arrayContaining([
        [mia.home, 'busy', 1],
        [mia.email, 'busy', 1],
      ]),
    )
    const jobs = await database.sql`
      select key from graphile_worker.jobs where key = any(${rows.map(({ id }) => `sync:${id}`)})`
    expect(jobs).toHaveLength(2)

    await database.sql`update synced_calendars set channel_id = ${randomUUID()}, channel_resource_id = 'r'
      where member_id = ${mia.key.memberId} and calendar_id = ${mia.home}`
    expect(await mia.save([mia.email])).toEqual({ ok: true, calendars: 1 })
    expect((await mia.rows()).map(({ calendar_id }) => calendar_id)).toEqual([mia.email])
    const [stop] = await revocations(database)
    expect(stop?.channels).toMatchObject([{ resourceId: 'r' }])
    const before = google.world.log.last()
    await revoke(database, stop?.id ?? '')
    const operations = google.world.log.since(before).map(({ operation }) => operation)
    expect(operations).toContain('channels.stop')
    expect(operations).not.toContain('oauth.revoke')
    expect(await revocations(database)).toEqual([])
  })

  test('a calendar without a channel is removed without a job', async ({ database, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    await mia.save([])
    expect(await mia.rows()).toEqual([])
    expect(await revocations(database)).toEqual([])
    expect(await mia.settings()).toMatchObject({ linked: true, busy: [] })
  })

  test('saving the same calendars again changes nothing', async ({ database, fixture, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    const [before, logged] = [await mia.rows(), (await entries(database, fixture)).length]
    expect(await mia.save([mia.home])).toEqual({ ok: true, calendars: 1 })
    expect(await mia.rows()).toEqual(before)
    expect(await entries(database, fixture)).toHaveLength(logged)
  })

  test('at most ten', async ({ mia }) => {
    await mia.link()
    const ids = Array.from({ length: mostBusyCalendars + 1 }, (_, index) => mia.addCalendar(`Calendar ${index}`))
    expect(await mia.save(ids)).toMatchObject({
      ok: false,
      code: 'too-many',
      message: expect.stringMatching(/At most 10/),
    })
    expect(await mia.rows()).toEqual([])
    expect(await mia.save(ids.slice(1))).toMatchObject({ ok: true })
    expect(await mia.rows()).toHaveLength(mostBusyCalendars)
  })

  test('a calendar that the account does not have is refused', async ({ fixture, mia }) => {
    await mia.link()
    expect(await mia.save([mia.home, fixture.calendarId])).toMatchObject({ ok: false, code: 'not-offered' })
    expect(await mia.rows()).toEqual([])
  })

  test('a calendar that is only read can block, the business calendar already does', async ({
    database,
    fixture,
    google,
    mia,
  }) => {
    google.person.addCalendar({
      ...{ email: mia.email, id: fixture.calendarId, summary: 'Shared', accessRole: 'freeBusyReader' },
    })
    await mia.link()
    const link = await readLink(everything(database), mia.key)
    const offered = link && (await offeredBy(everything(database), link))
    if (!offered?.ok) throw new Error('No list.')
    const shared = offered.data.toBlock.find(({ id }) => id === fixture.calendarId)
    expect(shared).toMatchObject({ access: 'free-busy-only', disabledBecause: expect.stringMatching(/already blocks/) })
    expect(await mia.save([fixture.calendarId])).toMatchObject({ ok: false, message: shared?.disabledBecause })

    await fixture.select(fixture.addCalendar('Another'))
    expect(await mia.save([fixture.calendarId])).toMatchObject({ ok: true })
    expect(await mia.rows()).toMatchObject([{ calendar_role: 'free-busy-only' }])
  })

  test('while Google is down nothing is added, and calendars can be removed', async ({ fixture, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    fixture.injectFault('calendarList.list', { status: 503 })
    expect(await mia.save([mia.home, mia.email])).toMatchObject({ ok: false, code: 'unreachable' })
    expect(await mia.rows()).toHaveLength(1)
    expect(await mia.save([])).toMatchObject({ ok: true })
    expect(await mia.rows()).toEqual([])
  })

  test('without a link there is nothing to save', async ({ mia }) => {
    expect(await mia.save([mia.home])).toMatchObject({ ok: false, code: 'not-linked' })
  })
})
