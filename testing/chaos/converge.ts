import type { PendingQuery, Row } from 'postgres'
import { schedule } from '#lib/jobs/schedule.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { releaseReads } from '../../emulator/calendar/lists/lag.ts'
import { passTime } from './environment.ts'
import { calendarOf, type Model, storeOf } from './model.ts'
import { approveDeletion, choose, link, retry } from './owner.ts'
import { clearQueue, workQueue } from './sync-run.ts'

const rounds = 14

/** What differs between one calendar and a team's. */
type Settling = {
  /** People do what Settings asks for. */
  repair: () => Promise<void>
  isHealthy: () => Promise<boolean>
  /** Mappings whose attempts may go on for ever. Repairs change which these are. */
  retriedForEver: () => PendingQuery<Row[]>
  /** Of calendars that fail, for the message. */
  failing: () => Promise<string>
}

export const converge = (model: Model): Promise<void> =>
  settle(model, {
    repair: () => repair(model),
    isHealthy: () => isHealthy(model),
    // Google refuses attempts to remove events from a calendar out of reach.
    retriedForEver: () => model.database.sql`pending_removal and calendar_id <> ${model.chosen.calendarId}`,
    failing: async () => String((await calendarOf(model))?.lastFailureKind),
  })

/**
 * No more faults: Google answers without lag, people repair, time passes. The queue is emptied
 * before every round and push notifications are lost, so the scheduler alone must find everything.
 * Ends when a whole round has nothing to do.
 */
export const settle = async (model: Model, settling: Settling): Promise<void> => {
  model.google.world.faults.length = 0
  releaseReads(model.google.world)
  Object.assign(model.google.world.state.switches, { readLagMs: 0, getLagMs: 0 })
  model.webhook.set('lose')
  await model.webhook.idle()
  let changes = ''
  for (let round = 0; round < rounds; round++) {
    await settling.repair()
    await passTime(model, 7)
    await clearQueue(model)
    const before = await fingerprint(model, settling)
    await schedule(model.database)
    await workQueue(model)
    const [error] = model.queueErrors.splice(0)
    if (error) throw new Error(error)
    if (round === 1) await retryRefused(model)
    const after = await fingerprint(model, settling)
    changes = differences(before, after)
    if (round > 1 && changes === '' && (await settling.isHealthy())) return
  }
  throw new Error(`No convergence after ${rounds} rounds: ${await settling.failing()} ${changes}`)
}

/** A run with nothing to do. Returns its requests: one list is expected, and no writes. */
export const runIdle = async (model: Model, syncedCalendarId: string): Promise<string[]> => {
  model.google.world.state.switches.emptyFirstPage = false
  const since = model.google.world.log.last()
  const report = await syncCalendar(model.database, syncedCalendarId)
  if (!report.ran || report.failure) return [`the idle run: ${JSON.stringify(report)}`]
  return model.google.world.log.since(since).map((entry) => entry.operation)
}

const isHealthy = async (model: Model) => {
  const calendar = await calendarOf(model)
  return calendar?.calendarId !== null && calendar?.lastFailureKind === null
}

/** Everything a round may change, except the times of runs. */
const fingerprint = async (
  { database: { sql }, fixture, google }: Model,
  { retriedForEver }: Settling,
): Promise<string[]> => {
  const { businessId } = fixture
  const [row] = await sql`
    select (select jsonb_agg(to_jsonb(a) order by id)::text from appointments a where business_id = ${businessId}) as a,
      (select jsonb_agg(to_jsonb(c) - 'next_attempt_at' - 'pushed_at' - 'waiting_since' - 'generation'
          - (case when ${retriedForEver()} then '{attempts}' else '{}' end)::text[]
        order by appointment_id, google_sub, calendar_id)::text from event_mappings c where business_id = ${businessId}) as c,
      (select count(*) from activity where business_id = ${businessId}) as n,
      (select jsonb_agg(to_jsonb(e) - 'generation' order by synced_calendar_id, event_id)::text from google_events e
        where business_id = ${businessId}) as e`
  const written = google.world.log
    .since(0)
    .filter(({ operation, status }) => writes.includes(operation) && status < 400).length
  return [row?.a, row?.c, row?.n, row?.e, written].map(String)
}

const writes = ['events.insert', 'events.patch', 'events.delete']

const differences = (before: string[], after: string[]): string =>
  after.flatMap((part, at) => (part === before[at] ? [] : `\n  ${before[at]}\n→ ${part}`)).join('')

/** What the owner does about each status that needs attention. */
const repair = async (model: Model): Promise<void> => {
  const calendar = await calendarOf(model)
  if (!calendar?.calendarId) {
    if (!calendar) await link(model, model.chosen.account)
    await chooseReachable(model)
    return
  }
  if (calendar.lastFailureKind === 'revoked' || calendar.lastFailureKind === 'scope-missing')
    await link(model, model.chosen.account)
  if (calendar.lastFailureKind === 'calendar-lost') await chooseReachable(model)
  await approveDeletion(model)
}

/** The chosen calendar, made writable again; if it is gone, the next one. */
const chooseReachable = async (model: Model): Promise<void> => {
  const { account, calendarId } = model.chosen
  const others = model.accounts[account]?.calendarIds ?? []
  for (const id of [calendarId, ...others]) {
    const { email = '', calendarIds = [] } = model.accounts[account] ?? {}
    const store = storeOf(model, id)
    if (!store || store.deleted || !calendarIds.includes(id)) continue
    if (store.acl.get(email) !== 'owner') model.google.person.setAccess({ calendarId: id, email, role: 'owner' })
    if (await choose(model, id)) return
  }
  throw new Error('There is no calendar left to choose.')
}

/** Refused appointments are visible; a member retries them. */
const retryRefused = async (model: Model): Promise<void> => {
  const refused = await model.database.sql<{ id: string }[]>`
    select distinct appointment_id as id from event_mappings
    where business_id = ${model.fixture.businessId} and rejected_revision is not null`
  for (const { id } of refused) await retry(model, id)
}
