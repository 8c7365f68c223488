import { schedule } from '#lib/jobs/schedule.ts'
import { syncConnection } from '#lib/sync/run.ts'
import { passTime } from './environment.ts'
import { accountOf, type ChaosWorld, connectionOf, storeOf } from './model.ts'
import { choose, link, releaseBrake, retry } from './owner.ts'
import { clearQueue, workQueue } from './sync-run.ts'

const rounds = 14

/**
 * The storm is over: Google answers, the owner does what Settings asks for, time passes. The queue is thrown away before
 * every round, and push notifications are lost: the scheduler alone must find everything. Ends when a whole round has nothing to do.
 */
export const settle = async (world: ChaosWorld): Promise<void> => {
  world.google.world.faults.length = 0
  world.webhook.set('lose')
  await world.webhook.quiet()
  let left = ''
  for (let round = 0; round < rounds; round++) {
    await makeHealthy(world)
    await passTime(world, 7)
    await clearQueue(world)
    const before = await fingerprint(world)
    await schedule(world.database)
    await workQueue(world)
    const [trouble] = world.queueTroubles.splice(0)
    if (trouble) throw new Error(trouble)
    if (round === 1) await retryRefused(world)
    const after = await fingerprint(world)
    left = whatChanged(before, after)
    if (round > 1 && left === '' && (await isHealthy(world))) return
  }
  const connection = await connectionOf(world)
  throw new Error(`No quiet after ${rounds} rounds: ${connection?.lastFailureKind} ${left}`)
}

/** One look with nothing to do: a list request, no writes, nothing recorded. */
export const lookIdle = async (world: ChaosWorld): Promise<string[]> => {
  const connection = await connectionOf(world)
  world.google.world.state.switches.emptyFirstPage = false
  const since = world.google.world.log.last()
  const report = await syncConnection(world.database, connection?.id ?? '')
  if (!report.ran || report.failure) return [`the idle look: ${JSON.stringify(report)}`]
  return world.google.world.log.since(since).map((entry) => entry.operation)
}

const isHealthy = async (world: ChaosWorld) => {
  const connection = await connectionOf(world)
  return connection?.calendarId !== null && connection?.lastFailureKind === null
}

/** Everything a round may change, except times of looks. */
const fingerprint = async ({ database: { sql }, fixture, google }: ChaosWorld): Promise<string[]> => {
  const { businessId } = fixture
  const [row] = await sql`
    select (select jsonb_agg(to_jsonb(a) order by id)::text from appointments a where business_id = ${businessId}) as a,
      (select jsonb_agg(to_jsonb(c) - 'next_attempt_at' - 'pushed_at' - 'waiting_since' - 'generation'
        order by appointment_id, google_sub, calendar_id)::text from event_mappings c where business_id = ${businessId}) as c,
      (select count(*) from activity where business_id = ${businessId}) as n,
      (select jsonb_agg(to_jsonb(e) - 'generation' order by event_id)::text from google_events e
        where business_id = ${businessId}) as e`
  const writes = google.world.log
    .since(0)
    .filter((entry) => ['events.insert', 'events.patch', 'events.delete'].includes(entry.operation)).length
  return [row?.a, row?.c, row?.n, row?.e, writes].map(String)
}

const whatChanged = (before: string[], after: string[]): string =>
  after.flatMap((part, at) => (part === before[at] ? [] : `\n  ${before[at]}\n→ ${part}`)).join('')

/** What the owner does about each status that needs them. */
const makeHealthy = async (world: ChaosWorld): Promise<void> => {
  const connection = await connectionOf(world)
  if (!connection?.calendarId) {
    if (!connection) await link(world, world.wanted.account)
    await chooseReachable(world)
    return
  }
  if (connection.lastFailureKind === 'revoked' || connection.lastFailureKind === 'scope-missing')
    await link(world, world.wanted.account)
  if (connection.lastFailureKind === 'calendar-lost') await chooseReachable(world)
  await releaseBrake(world)
}

/** The calendar that was wanted, made writable again; if it is gone, the next one. */
const chooseReachable = async (world: ChaosWorld): Promise<void> => {
  const { account, calendarId } = world.wanted
  const others = world.accounts[account]?.calendarIds ?? []
  for (const id of [calendarId, ...others]) {
    const email = accountOf(world, id)?.email ?? ''
    const store = storeOf(world, id)
    if (!store || store.deleted || accountOf(world, id) !== world.accounts[account]) continue
    if (store.acl.get(email) !== 'owner')
      world.google.person.setAccess({ calendarId: id, email, role: 'owner' })
    if (await choose(world, id)) return
  }
  throw new Error('There is no calendar left to choose.')
}

/** Refused items are visible; a person tries them again by hand. */
const retryRefused = async (world: ChaosWorld): Promise<void> => {
  const refused = await world.database.sql<{ id: string }[]>`
    select appointment_id as id from event_mappings
    where business_id = ${world.fixture.businessId} and rejected_revision is not null`
  for (const { id } of refused) await retry(world, id)
}
