import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { scopes } from '#lib/receptionist/caller.ts'
import type { Child } from '../../scripts/process/children.ts'
import { type Business, makeBusinesses } from '../load/businesses.ts'
import { type Environment as Product, startEnvironment as startProduct } from '../load/environment.ts'

/** A business of the size in `work`, one for races, and a key for each. */
export type Environment = {
  product: Product
  busy: Office
  raced: Office
  server: Child
  postgres: string
  stop: () => Promise<void>
}

/** Several keys: one may make only sixty writes at once. */
export type Office = { business: Business; memberIds: string[]; secrets: string[] }

const keys = 20

export const size = { members: 6, appointments: 100_000, events: 10_000 }

export const startEnvironment = async (): Promise<Environment> => {
  const product = await startProduct(2)
  const offices = await makeOffices(product)
  const server = await product.startServer()
  // The limits per key would count the measurement, and not the work.
  const clearing = setInterval(() => void product.database.sql`delete from rate_limits`.catch(() => {}), 100)
  const stop = async () => {
    clearInterval(clearing)
    await product.stop()
  }
  return { product, ...offices, server, postgres: product.description, stop }
}

type Storage = Pick<Product, 'database' | 'google' | 'secrets'>

export const makeOffices = async (product: Storage): Promise<Pick<Environment, 'busy' | 'raced'>> => {
  const [first, second] = await makeBusinesses(product)
  if (!first || !second) throw new Error('The businesses were not created.')
  const { sql } = product.database
  const day = [{ from: '08:00', to: '18:00' }]
  const hours = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((each) => [each, day]))
  await sql`update businesses set opening_hours = ${JSON.stringify(hours)}::text::jsonb, holiday_region = 'AU',
    horizon_days = 365`
  const offices = { busy: await officeOf(product, first), raced: await officeOf(product, second) }
  await fill(product, offices.busy)
  await beFresh(product)
  return offices
}

/** While no worker runs the mirror stays as it is, so that it counts as just read. */
export const beFresh = ({ database: { sql } }: Pick<Product, 'database'>) => sql`
  update synced_calendars set last_success_at = now() + interval '1 day', imported_at = now(), failing_since = null,
    horizon_start = now() - interval '90 days', horizon_end = now() + interval '750 days'`

const officeOf = async ({ database: { sql } }: Storage, business: Business): Promise<Office> => {
  const memberIds = business.members.map(({ id }) => id)
  while (memberIds.length < size.members) {
    const [userId, id] = [randomUUID(), randomUUID()]
    const email = `${id}@load.example`
    await sql`insert into users (id, email, name) values (${userId}, ${email}, 'Load')`
    await sql`insert into members (id, business_id, user_id, role, name, email, colour)
      values (${id}, ${business.id}, ${userId}, 'staff', ${`Member ${memberIds.length}`}, ${email}, 1)`
    memberIds.push(id)
  }
  await sql`insert into services (business_id, name, durations, gap_after) values (${business.id}, 'Tap', '{60,30}', 15)`
  const secrets = Array.from({ length: keys }, () => `sk_live_${randomBytes(32).toString('base64url')}`)
  for (const secret of secrets) {
    const hash = createHash('sha256').update(secret).digest()
    await sql`insert into api_keys (business_id, name, secret_hash, hint, scopes)
      values (${business.id}, 'Bench', ${hash}, 'sk_live_…', ${[...scopes]})`
  }
  return { business, memberIds, secrets }
}

/** Appointments of all members over five years, and blocking Google events over two. */
const fill = async ({ database: { sql } }: Storage, { business, memberIds }: Office) => {
  await sql.begin(async (tx) => {
    // Without foreign keys and triggers, of which each row would pay five.
    await tx`set local session_replication_role = replica`
    await tx`
      with made as (
        insert into appointments (business_id, title, starts_at, ends_at, customer_phone)
        select ${business.id}, 'Visit', at, at + interval '30 minutes', '+61412' || lpad((n % 900000)::text, 6, '0')
        from generate_series(0, ${size.appointments - 1}) n
        cross join lateral (select date_trunc('day', now()) - interval '1800 days' + n * interval '28 minutes' as at) times
        returning id, starts_at, ends_at)
      insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
      select ${business.id}, id, (${memberIds}::uuid[])[1 + (row_number() over () % ${memberIds.length})],
        tstzrange(starts_at, ends_at), true
      from made`
    await tx`
      insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation, guest_member_ids, times)
      select ${business.id}, id, 'e' || n, 'single', true, 'busy', 1, array[(${memberIds}::uuid[])[1 + n % ${memberIds.length}]],
        jsonb_build_object('start', at, 'end', at + interval '45 minutes')
      from synced_calendars cross join generate_series(0, ${size.events - 1}) n
      cross join lateral (select date_trunc('day', now()) + n * interval '100 minutes' as at) times
      where business_id = ${business.id}`
    await tx`
      insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
      select ${business.id}, id, 'e' || n, 'e' || n, 'e' || n, tstzrange(at, at + interval '45 minutes'), true
      from synced_calendars cross join generate_series(0, ${size.events - 1}) n
      cross join lateral (select date_trunc('day', now()) + n * interval '100 minutes' as at) times
      where business_id = ${business.id}`
  })
  await sql`vacuum analyze`
  await sql`checkpoint`
}
