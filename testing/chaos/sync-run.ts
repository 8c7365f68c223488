import { drizzle } from 'drizzle-orm/postgres-js'
import { runOnce } from 'graphile-worker'
import postgres from 'postgres'
import type { Database } from '#db/client.ts'
import { massDeletionKind } from '#lib/google/failure-kind.ts'
import { schedule } from '#lib/jobs/schedule.ts'
import { tasks } from '#lib/jobs/tasks.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import type { Concurrent, SyncRunCommand } from './commands.ts'
import { inGoogle } from './google.ts'
import { calendarOf, type Model } from './model.ts'
import { asOwner } from './owner.ts'
import { inSophiie } from './sophiie.ts'

/** A sync run, with commands that run during it and a crash of its process. */
export const runSync = async (model: Model, command: SyncRunCommand): Promise<void> => {
  const calendar = await calendarOf(model)
  if (!calendar) return
  const crashing = command.crash ? connectCrashing(model.database) : null
  const concurrent: Promise<void>[] = []
  let requests = 0
  model.requests.onCommit = () => {
    requests++
    for (const one of command.during) if (one.at === requests) concurrent.push(runConcurrent(model, one))
    if (command.crash?.after === 'request' && command.crash.count === requests) crashing?.crash()
  }
  if (command.crash?.after === 'statement') crashing?.crashAfter(command.crash.count)
  try {
    await syncBy(model, {
      command,
      syncedCalendarId: calendar.id,
      database: crashing?.database ?? model.database,
    })
  } catch (error) {
    if (!crashing?.hasCrashed()) throw error
  } finally {
    model.requests.onCommit = null
    await crashing?.end()
  }
  await Promise.all(concurrent)
  const [error] = model.queueErrors.splice(0)
  if (error && !crashing) throw new Error(error)
  await expectNothingRemoved(model)
}

/**
 * While the mass-deletion guard waits for the owner, everything it would remove is still stored.
 */
const expectNothingRemoved = async (model: Model): Promise<void> => {
  const [guard] = await model.database.sql<{ wouldRemove: number; stored: number }[]>`
    select c.last_failure_detail::int as "wouldRemove",
      (select count(*) from google_events e where e.synced_calendar_id = c.id)::int
        + (select count(*) from event_mappings p where p.business_id = c.business_id and p.calendar_id = c.calendar_id)::int as stored
    from synced_calendars c
    where c.business_id = ${model.fixture.businessId} and c.last_failure_kind = ${massDeletionKind}`
  if (!guard) return
  model.steps.push(`  the guard holds back ${guard.wouldRemove} of ${guard.stored}`)
  if (guard.stored < guard.wouldRemove)
    throw new Error(`The guard holds back ${guard.wouldRemove}, but ${guard.stored} are left.`)
}

const runConcurrent = async (model: Model, { command }: Concurrent): Promise<void> => {
  model.steps.push(`  during the run ${JSON.stringify(command)}`)
  await asPerson(model, command)
}

export const asPerson = async (model: Model, command: Concurrent['command']): Promise<void> => {
  switch (command.do) {
    case 'book':
    case 'edit':
    case 'move':
    case 'book-many':
    case 'edit-many':
    case 'cancel-many':
    case 'cancel':
    case 'reinstate':
    case 'put-back':
      return inSophiie(model, command)
    case 'choose':
    case 'unlink':
    case 'link':
    case 'change-account':
    case 'add-alias':
    case 'reconnect':
    case 'sync-now':
    case 'approve-deletion':
    case 'default-answer':
    case 'retry':
    case 'revoke-access':
    case 'share':
    case 'unshare':
    case 'delete-calendar':
      return asOwner(model, command)
    default:
      return inGoogle(model, command)
  }
}

type Run = { command: SyncRunCommand; syncedCalendarId: string; database: Database }

const syncBy = async (model: Model, { command, syncedCalendarId, database }: Run): Promise<void> => {
  const once = (options = {}) => syncCalendar(database, syncedCalendarId, options)
  switch (command.mode) {
    case 'once':
      await once()
      return
    case 'twice-at-once':
      await bothSettled([once(), once()])
      return
    case 'page-by-page':
      await once({ deadline: 0 })
      return
    case 'queue':
      return workQueue(model, database)
    case 'lost-queue':
      await clearQueue(model)
      await schedule(model.database)
      return workQueue(model, database)
  }
}

/** Waits for all, then throws the first error. */
export const bothSettled = async (runs: Promise<unknown>[]) => {
  for (const result of await Promise.allSettled(runs)) if (result.status === 'rejected') throw result.reason
}

export const workQueue = (model: Model, database: Database = model.database) =>
  runOnce({
    pgPool: model.queue,
    // No patience: a pool that crashed with its process never comes back.
    taskList: tasks(database, { patienceMs: 0 }),
    noHandleSignals: true,
    // As in the product's worker.
    concurrency: 4,
    logger: model.queueLogger,
  })

export const clearQueue = async ({ database: { sql } }: Model) => {
  await sql`select graphile_worker.remove_job(key) from graphile_worker.jobs where key is not null and locked_at is null`
}

/**
 * A pool that dies like its process: pending statements are lost, locks end with the calendars.
 */
export const connectCrashing = (like: Model['database']) => {
  let statementsLeft = Number.POSITIVE_INFINITY
  let crashed = false
  const crash = () => {
    if (crashed) return
    crashed = true
    void sql.end({ timeout: 0 })
  }
  const sql = postgres(like.url, {
    max: 12,
    connection: { TimeZone: 'UTC', application_name: 'crashing' },
    // The driver's own query on each new connection would fail without a handler.
    fetch_types: false,
    onnotice: () => {},
    debug: () => {
      if (--statementsLeft <= 0) crash()
    },
  })
  for (const kind of ['parsers', 'serializers'] as const) Object.assign(sql.options[kind], like.sql.options[kind])
  const close = async () => crash()
  return {
    database: { db: drizzle(sql), sql, close } satisfies Database,
    crash,
    crashAfter: (count: number) => {
      statementsLeft = count
    },
    hasCrashed: () => crashed,
    end: () => sql.end({ timeout: 0 }),
  }
}
