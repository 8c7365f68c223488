import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { linkScopes } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { sessionCookie } from '../../e2e/steps/actions.ts'
import type { Environment } from './environment.ts'

export type Member = { id: string; cookie: string }
export type Business = { id: string; email: string; members: Member[] }

type Storage = Pick<Environment, 'database' | 'google' | 'secrets'>

const zone = 'Australia/Sydney'
const membersEach = 2

/**
 * One business per Google account, with a newly chosen calendar; the workers do the first full
 * read.
 */
export const makeBusinesses = async (environment: Storage): Promise<Business[]> => {
  const created = environment.google.owners.map(async (owner) => {
    const { sql } = environment.database
    const id = randomUUID()
    await sql`insert into businesses (id, name, time_zone, opening_hours) values (${id}, 'Load', ${zone}, '{}')`
    const members = await Promise.all(Array.from({ length: membersEach }, (_, n) => join(environment, id, n)))
    const syncedCalendarId = randomUUID()
    await sql`
      insert into google_accounts (id, business_id, linked_by, google_sub, google_email, scopes, refresh_token)
      values (${syncedCalendarId}, ${id}, ${members[0]?.id ?? ''}, ${owner.sub}, ${owner.email}, ${linkScopes},
        ${sealToken(owner.refreshToken, syncedCalendarId)})`
    await sql`
      insert into synced_calendars (id, business_id, account_id, purpose, calendar_id, calendar_name, calendar_zone,
        calendar_role, selected_at)
      values (${syncedCalendarId}, ${id}, ${syncedCalendarId}, 'appointments', ${owner.email}, ${owner.email}, ${zone},
        'owner', now())`
    await sql`insert into sync_requests (synced_calendar_id, business_id) values (${syncedCalendarId}, ${id})`
    return { id, email: owner.email, members }
  })
  return await Promise.all(created)
}

const join = async ({ database: { sql }, secrets }: Storage, businessId: string, n: number): Promise<Member> => {
  const [userId, id] = [randomUUID(), randomUUID()]
  const email = `${id}@load.example`
  const role = n === 0 ? 'owner' : 'staff'
  await sql`insert into users (id, email, name) values (${userId}, ${email}, 'Load')`
  await sql`
    insert into members (id, business_id, user_id, role, name, email, colour)
    values (${id}, ${businessId}, ${userId}, ${role}, 'Load', ${email}, ${n + 1})`
  return { id, cookie: await sessionCookie(secrets.NEXTAUTH_SECRET, { id: userId, version: 0 }) }
}

/** Waits until every calendar is imported and has a channel. */
export const untilImported = async ({ database: { sql } }: Environment): Promise<void> => {
  for (;;) {
    const unfinished = await sql`select from synced_calendars where imported_at is null or channel_id is null limit 1`
    if (unfinished.length === 0) return
    await pause(200)
  }
}
