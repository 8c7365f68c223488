import { describe, expect, vi } from 'vitest'
import type { Viewer } from '#lib/auth/schema.ts'
import type { Email } from '#lib/mail/send.ts'
import { deactivateMember } from '#lib/team/mutations.ts'
import { everything } from '#testing/everything.ts'
import { entries, test as memberTest } from '#testing/member-link-test.ts'
import { setUpFixture } from '#testing/sync-fixture.ts'
import { askMember } from './actions.ts'
import { teamCalendarsOf } from './read.ts'

const request = vi.hoisted(() => ({ viewer: null as Viewer | null, mail: true, refuse: false, sent: [] as Email[] }))
vi.mock('#lib/auth/viewer.ts', () => ({
  actingOwner: async () =>
    request.viewer?.role === 'owner'
      ? { ok: true, viewer: request.viewer }
      : { ok: false, code: 'forbidden', message: 'Only the owner can do this.' },
}))
vi.mock('#lib/mail/send.ts', () => ({
  canMail: () => request.mail,
  sendMail: async (email: Email) => {
    if (request.refuse) return false
    request.sent.push(email)
    return true
  },
}))

const test = memberTest.extend('asOwner', { auto: true }, async ({ database, fixture }) => {
  await database.sql`delete from rate_limits`
  Object.assign(request, { viewer: fixture.viewer, mail: true, refuse: false, sent: [] })
})

const rowOf = async (viewer: Viewer, memberId: string) =>
  (await teamCalendarsOf(viewer)).find((each) => each.memberId === memberId)

describe('asking a member', () => {
  test('says who asks, what it is good for, and where to do it; once an hour', async ({ database, fixture, mia }) => {
    const { memberId } = mia.key
    expect(await rowOf(fixture.viewer, memberId)).toMatchObject({ canBeAsked: true, askedAt: null, linked: false })
    expect(await askMember({ memberId })).toEqual({ ok: true })
    const [email] = request.sent
    expect(email).toMatchObject({
      to: mia.viewer.email,
      subject: 'Olive Harbour asks you to link your Google calendar',
    })
    expect(email?.text).toContain(`Olive Harbour (${fixture.viewer.email}) asks you to link your own Google account`)
    expect(email?.text).toContain('you are not booked')
    expect(email?.text.match(/https?:\S+/g)).toEqual(['http://localhost:3999/settings/calendar'])
    expect(await rowOf(fixture.viewer, memberId)).toMatchObject({ canBeAsked: false, askedAt: expect.any(String) })
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'asked' })
    expect((await entries(database, fixture)).filter(({ what }) => what === 'google.member-asked')).toHaveLength(1)

    await database.sql`update members set asked_to_link_at = now() - interval '61 minutes' where id = ${memberId}`
    expect(await rowOf(fixture.viewer, memberId)).toMatchObject({ canBeAsked: true })
    expect(await askMember({ memberId })).toEqual({ ok: true })
    expect(request.sent).toHaveLength(2)
  })

  test('of two requests at once one sends an e-mail', async ({ mia }) => {
    const { memberId } = mia.key
    const asked = await Promise.all([askMember({ memberId }), askMember({ memberId })])
    expect(asked.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(request.sent).toHaveLength(1)
  })

  test('a mailbox gets at most five a day, also from another business', async ({ database, mia }) => {
    const { memberId } = mia.key
    for (let n = 0; n < 5; n++) {
      expect(await askMember({ memberId })).toEqual({ ok: true })
      await database.sql`update members set asked_to_link_at = null`
    }
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'rate-limited' })
    expect(await database.sql`select 1 from members where asked_to_link_at is not null`).toHaveLength(0)
    expect(request.sent).toHaveLength(5)
  })

  test('without a mail server, or refused by it, nothing counts as asked', async ({ database, mia }) => {
    const { memberId } = mia.key
    request.refuse = true
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'not-sent' })
    request.mail = false
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'not-sent' })
    expect(await database.sql`select 1 from members where asked_to_link_at is not null`).toHaveLength(0)
  })

  test('a member whose calendar works is not asked; the e-mail says whether to choose or to reconnect', async ({
    database,
    fixture,
    mia,
  }) => {
    const { memberId } = mia.key
    await mia.link()
    await askMember({ memberId })
    expect(request.sent.at(-1)?.subject).toContain('asks you to choose your Google calendars')
    await mia.save([mia.home])
    await database.sql`update members set asked_to_link_at = null`
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'nothing-to-do' })
    expect(await rowOf(fixture.viewer, memberId)).toMatchObject({ canBeAsked: false, askedAt: null })
    await database.sql`update synced_calendars set waits_for_person = true, last_failure_kind = 'revoked',
      failing_since = now() where member_id = ${memberId}`
    expect(await rowOf(fixture.viewer, memberId)).toMatchObject({ canBeAsked: true })
    expect(await askMember({ memberId })).toEqual({ ok: true })
    expect(request.sent.at(-1)?.text).toContain('Google access ended. Nothing is lost.')
  })

  test('neither staff, nor oneself, former members, or members of another business', async ({
    database,
    fixture,
    google,
    mia,
  }) => {
    const { memberId } = mia.key
    const other = await setUpFixture(database, google)
    request.viewer = other.viewer
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'not-found' })
    request.viewer = mia.viewer
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'forbidden' })
    request.viewer = fixture.viewer
    expect(await askMember({ memberId: fixture.ownerId })).toMatchObject({ ok: false, code: 'not-found' })
    expect(await askMember({ memberId: 'x' })).toMatchObject({ ok: false, code: 'invalid' })
    const leave = { memberId, reassignTo: null, leaveClashing: true, now: new Date().toISOString() }
    await deactivateMember(everything(database), { ...fixture, memberId: fixture.ownerId }, leave)
    expect(await askMember({ memberId })).toMatchObject({ ok: false, code: 'not-found' })
    expect(request.sent).toEqual([])
  })
})

describe('what the owner sees', () => {
  test('the account only of those whose appointments go to it', async ({ fixture, mia }) => {
    await mia.link()
    await mia.save([mia.home])
    const text = JSON.stringify(await teamCalendarsOf(fixture.viewer))
    for (const word of [mia.email, mia.home, 'Home']) expect(text).not.toContain(word)
    expect(await rowOf(fixture.viewer, mia.key.memberId)).toMatchObject({ linked: true, account: null })
    await mia.link({ wish: { access: 'write' } })
    expect(await mia.choose(mia.home)).toMatchObject({ ok: true })
    expect(await rowOf(fixture.viewer, mia.key.memberId)).toMatchObject({ linked: true, account: mia.email })
  })

  test('no member of another business', async ({ database, fixture, google, mia }) => {
    await mia.link()
    const other = await setUpFixture(database, google)
    const ids = (await teamCalendarsOf(other.viewer)).map(({ memberId }) => memberId)
    expect(ids).not.toContain(fixture.ownerId)
    expect(ids).not.toContain(mia.key.memberId)
    expect(ids).toHaveLength(2)
  })
})
