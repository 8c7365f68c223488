import { encode } from 'next-auth/jwt'
import { beforeAll, expect } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { endAllSessions, endSession } from '#lib/auth/end-session.ts'
import { newSession, readSession, type Session, sessionSeconds } from '#lib/auth/session.ts'
import { isStillMember } from '#lib/auth/viewer.ts'
import { deactivateMember } from '#lib/team/mutations.ts'
import type { TestDatabase } from '#testing/database.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { publishChange } from './publish.ts'
import { changeStream } from './stream.ts'

let fixture: SyncFixture
let database: TestDatabase

const test = syncTest.extend('current', { auto: true }, ({ fixture: own, database: file }) => {
  fixture = own
  database = file
})

// On a serverless host the last reader closes the connection that listens.
beforeAll(() => {
  process.env.VERCEL = '1'
})

const userOf = async (memberId: string) => {
  const [row] = await database.sql`
    select u.id, u.session_version from users u join members m on m.user_id = u.id where m.id = ${memberId}`
  return { id: String(row?.id), sessionVersion: Number(row?.session_version) }
}

const signIn = async (memberId: string): Promise<Session> => {
  const token = await encode({
    token: newSession(await userOf(memberId)),
    secret: String(process.env.NEXTAUTH_SECRET),
  })
  const session = await readSession(token, Date.now())
  if (!session) throw new Error('The new session is not valid.')
  return session
}

const until = Date.now() + sessionSeconds * 1000

/** An open stream of the session, and its text when it has ended. */
const open = async (session: Session, since?: number) => {
  const { businessId } = fixture
  const stream = changeStream({
    businessId,
    signal: new AbortController().signal,
    until,
    mayStay: () => isStillMember(session, businessId),
    since,
  })
  const reader = stream.getReader()
  const text = new TextDecoder()
  let read = ''
  let ended = false
  const done = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      read += text.decode(value, { stream: true })
    }
    ended = true
  })()
  await expect.poll(() => read.includes('event: ready') || ended).toBe(true)
  if (!ended) expect(read).toMatch(/^retry: 2000\nevent: ready\n/)
  read = since === undefined ? '' : read.slice(read.indexOf('\n\n') + 2)
  return { text: () => read, ended: () => ended, done, close: () => reader.cancel() }
}

const soon = { timeout: 1000, interval: 20 }

test('the stream of a removed member ends within a second and shows nothing more', async () => {
  const [staff, owner] = [await open(await signIn(fixture.staffId)), await open(await signIn(fixture.ownerId))]
  // Notifications arrive in the order of their commits: after this one, none of the setup is left.
  await publishChange(database.db, fixture.businessId, 'rows')
  for (const { text } of [staff, owner]) await expect.poll(text, soon).toContain('data: rows')
  const [before, ownerBefore] = [staff.text(), owner.text()]
  const by = { businessId: fixture.businessId, memberId: fixture.ownerId }
  const leave = {
    memberId: fixture.staffId,
    reassignTo: null,
    leaveClashing: false,
    now: new Date().toISOString(),
  }
  expect(await deactivateMember(tenantDb(database, fixture.businessId), by, leave)).toMatchObject({
    ok: true,
  })
  await expect.poll(staff.ended, soon).toBe(true)
  expect(staff.text()).toBe(before)
  await expect.poll(() => owner.text().slice(ownerBefore.length), soon).toContain('data: anything')
  expect(owner.ended()).toBe(false)
  expect((await open(await signIn(fixture.staffId))).ended()).toBe(true)
  await database.sql`update members set deactivated_at = null`
  await owner.close()
})

test('signing out ends the stream of that session only, without an event for others', async () => {
  const [mine, copied] = [await signIn(fixture.ownerId), await signIn(fixture.ownerId)]
  const [gone, kept] = [await open(mine), await open(copied)]
  await endSession(mine)
  await expect.poll(gone.ended, soon).toBe(true)
  await publishChange(database.db, fixture.businessId, 'rows')
  await expect.poll(kept.text, soon).toContain('data: rows')
  expect(kept.text()).not.toContain('anything')
  expect(kept.ended()).toBe(false)
  await kept.close()
})

test('signing out everywhere ends every stream of the person', async () => {
  const open2 = [await open(await signIn(fixture.ownerId)), await open(await signIn(fixture.ownerId))]
  const other = await open(await signIn(fixture.staffId))
  await endAllSessions((await userOf(fixture.ownerId)).id)
  for (const { ended } of open2) await expect.poll(ended, soon).toBe(true)
  expect(other.ended()).toBe(false)
  await other.close()
})

test('a copied token is refused after signing out, and other sessions go on', async () => {
  const [mine, other] = [await signIn(fixture.ownerId), await signIn(fixture.ownerId)]
  expect(await isStillMember(mine, fixture.businessId)).toBe(true)
  await endSession(mine)
  await endSession(mine)
  expect(await isStillMember(mine, fixture.businessId)).toBe(false)
  expect(await isStillMember(other, fixture.businessId)).toBe(true)
})

test('an entry of an ended session is kept until the token expires', async () => {
  await database.sql`delete from ended_sessions`
  const session = await signIn(fixture.ownerId)
  await endSession({ ...(await signIn(fixture.ownerId)), until: Date.now() - 1000 })
  await endSession(session)
  const rows = await database.sql`select extract(epoch from expires_at)::float8 * 1000 as until from ended_sessions`
  expect(rows.map(({ until }) => Math.round(Number(until)))).toEqual([session.until])
})

test('a change between the rendering of a page and the start of its stream is sent first', async () => {
  const session = await signIn(fixture.ownerId)
  // Keeps the connection that listens.
  const first = await open(session)
  await publishChange(database.db, fixture.businessId, 'rows')
  await expect.poll(first.text, soon).toContain('data: rows')
  const [late, later] = [await open(session, Date.now() - 1), await open(session, Date.now() + 60_000)]
  await expect.poll(late.text, soon).toMatch(/data: (rows|anything)/)
  await publishChange(database.db, fixture.businessId, 'rows')
  await expect.poll(later.text, soon).toBe('event: change\ndata: rows\n\n')
  await Promise.all([first, late, later].map(({ close }) => close()))
})
