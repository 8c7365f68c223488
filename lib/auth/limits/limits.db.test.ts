import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import { knowUser } from '#db/queries/users.ts'
import { createBusiness, eraseBusiness } from '#lib/business/mutations.ts'
import { invite } from '#lib/team/actions.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { emailSignInLink } from '../actions.ts'

const request = vi.hoisted(() => ({ network: '', viewer: null as object | null, mails: [] as string[] }))

vi.mock('next/headers', () => ({
  headers: async () => new Headers({ 'x-forwarded-for': `10.0.0.1, ${request.network}` }),
}))
vi.mock('next/cache', () => ({ refresh: () => {} }))
vi.mock('../viewer.ts', () => ({
  actingOwner: async () => ({ ok: true, viewer: request.viewer }),
  person: async () => request.viewer,
}))
vi.mock('#lib/mail/send.ts', () => ({
  canMail: () => true,
  sendMail: async ({ to }: { to: string }) => request.mails.push(to) > 0,
}))

const database = ownDatabase()

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  await database.sql`delete from rate_limits`
  request.network = '203.0.113.9'
  request.mails.length = 0
})

const ask = async (email: string) => {
  const form = new FormData()
  form.set('email', email)
  return emailSignInLink({ email: '', sent: false, refused: null, attempt: 0 }, form)
}

const times = async <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = []
  for (let n = 0; n < count; n++) results.push(await work(n))
  return results
}

const owner = 'olive@harbour.example'

test('a stranger cannot use up the sign-in mails of an owner', async () => {
  request.network = '198.51.100.1'
  const asked = await times(8, () => ask(owner))
  expect(asked.map(({ sent }) => sent)).toEqual([true, true, true, true, true, false, false, false])
  request.network = '203.0.113.9'
  expect((await ask(owner)).sent).toBe(true)
  expect(request.mails).toHaveLength(6)
})

test('a mailbox is limited over all networks, and the answer is the same for each limit', async () => {
  const [known, unknown] = [owner, 'unknown@harbour.example']
  await knowUser(database.db, { email: known, googleSub: 'olive', name: 'Olive' })
  const refusals = []
  for (const email of [known, unknown]) {
    const one = await times(6, () => ask(email))
    const many = await times(60, (n) => {
      request.network = `198.51.100.${n}`
      return ask(email)
    })
    expect(many.filter(({ sent }) => sent)).toHaveLength(45)
    refusals.push(one.at(-1)?.refused, many.at(-1)?.refused)
    request.network = '203.0.113.9'
  }
  expect(new Set(refusals)).toEqual(new Set(['Too many attempts. Try again in 60 minutes.']))
})

test('addresses of one /64 are one network', async () => {
  const asked = await times(8, (n) => {
    request.network = `2001:db8:1:2:${n}::${n}`
    return ask(owner)
  })
  expect(asked.filter(({ sent }) => sent)).toHaveLength(5)
})

/** Founds a business with a new user of the same address, as after a deletion. */
const found = async (email = 'stranger@evil.example') => {
  const { id } = await knowUser(database.db, { email, googleSub: randomUUID(), name: 'S' })
  const founder = { userId: id, name: 'S', email }
  const business = { name: 'B', timeZone: 'UTC', openingHours: {} }
  const businessId = (await createBusiness(database.db, { founder, business })) as BusinessId
  const [row] = await database.sql`select id from members where business_id = ${businessId}`
  request.viewer = { ...founder, businessId, memberId: String(row?.id), businessName: 'B', role: 'owner' }
  return businessId
}

const inviteMany = async (count: number, addressOf = () => `${randomUUID()}@elsewhere.example`) => {
  const results = await times(count, () => invite({ email: addressOf(), role: 'staff' }))
  return results.filter(({ ok }) => ok).length
}

test('the limit of invitations survives deleting and founding the business again', async () => {
  const businessId = await found()
  expect(await inviteMany(30)).toBe(30)
  await eraseBusiness(database.db, businessId)
  expect(await database.sql`select from users where email = 'stranger@evil.example'`).toHaveLength(0)
  await found()
  request.network = '198.51.100.7'
  expect(await inviteMany(30)).toBe(20)
})

test('the limit of invitations holds for a network with several accounts', async () => {
  for (const n of [1, 2, 3]) {
    await found(`stranger-${n}@evil.example`)
    expect(await inviteMany(40)).toBe([40, 40, 20][n - 1])
  }
})

test('a mailbox gets at most five invitations a day; the link is still made', async () => {
  for (const n of [1, 2]) {
    await found(`owner-${n}@evil.example`)
    expect(await inviteMany(4, () => 'victim@elsewhere.example')).toBe(4)
  }
  expect(request.mails).toHaveLength(5)
})
