import { drizzle } from 'drizzle-orm/postgres-js'
import { runOnce } from 'graphile-worker'
import postgres from 'postgres'
import type { Database } from '#db/client.ts'
import { massDeletionKind } from '#lib/google/failure-kind.ts'
import { schedule } from '#lib/jobs/schedule.ts'
import { tasks } from '#lib/jobs/tasks.ts'
import { syncConnection } from '#lib/sync/run.ts'
import type { Meanwhile, SyncRunCommand } from './commands.ts'
import { inGoogle } from './google.ts'
import { type ChaosWorld, connectionOf } from './model.ts'
import { asOwner } from './owner.ts'
import { inSophiie } from './sophiie.ts'

/** Looks at the connection, with what happens meanwhile, and the process dying under them. */
export const look = async (world: ChaosWorld, command: SyncRunCommand): Promise<void> => {
  const connection = await connectionOf(world)
  if (!connection) return
  const doomed = command.crash ? connectDoomed(world.database) : null
  const begun: Promise<void>[] = []
  let requests = 0
  world.requests.heard = () => {
    requests++
    for (const one of command.meanwhile) if (one.at === requests) begun.push(doMeanwhile(world, one))
    if (command.crash?.after === 'request' && command.crash.count === requests) doomed?.die()
  }
  if (command.crash?.after === 'statement') doomed?.dieAfter(command.crash.count)
  try {
    await inWay(world, { command, connectionId: connection.id, database: doomed?.database ?? world.database })
  } catch (error) {
    if (!doomed?.isDead()) throw error
  } finally {
    world.requests.heard = null
    await doomed?.end()
  }
  await Promise.all(begun)
  const [trouble] = world.queueTroubles.splice(0)
  if (trouble && !doomed) throw new Error(trouble)
  await expectNothingRemoved(world)
}

/** While the owner is asked, all that the question is about is still there. */
const expectNothingRemoved = async (world: ChaosWorld): Promise<void> => {
  const [asked] = await world.database.sql<{ about: number; stored: number }[]>`
    select c.last_failure_detail::int as about,
      (select count(*) from google_events e where e.connection_id = c.id)::int
        + (select count(*) from event_mappings p where p.business_id = c.business_id and p.calendar_id = c.calendar_id)::int as stored
    from google_connections c
    where c.business_id = ${world.fixture.businessId} and c.last_failure_kind = ${massDeletionKind}`
  if (!asked) return
  world.trail.push(`  the owner is asked about ${asked.about} of ${asked.stored}`)
  if (asked.stored < asked.about)
    throw new Error(`${asked.about} were asked about, ${asked.stored} are left.`)
}

const doMeanwhile = async (world: ChaosWorld, { command }: Meanwhile): Promise<void> => {
  world.trail.push(`  meanwhile ${JSON.stringify(command)}`)
  await person(world, command)
}

export const person = async (world: ChaosWorld, command: Meanwhile['command']): Promise<void> => {
  switch (command.do) {
    case 'book':
    case 'edit':
    case 'move':
    case 'cancel':
    case 'reinstate':
    case 'put-back':
      return inSophiie(world, command)
    case 'choose':
    case 'unlink':
    case 'link':
    case 'reconnect':
    case 'sync-now':
    case 'release-brake':
    case 'answer':
    case 'retry':
    case 'revoke-access':
    case 'share':
    case 'unshare':
    case 'delete-calendar':
      return asOwner(world, command)
    default:
      return inGoogle(world, command)
  }
}

type Looking = { command: SyncRunCommand; connectionId: string; database: Database }

const inWay = async (world: ChaosWorld, { command, connectionId, database }: Looking): Promise<void> => {
  const once = (options = {}) => syncConnection(database, connectionId, options)
  switch (command.way) {
    case 'once':
      await once()
      return
    case 'twice-at-once':
      await settled([once(), once()])
      return
    case 'page-by-page':
      await once({ deadline: 0 })
      return
    case 'queue':
      return workQueue(world, database)
    case 'lost-queue':
      await clearQueue(world)
      await schedule(world.database)
      return workQueue(world, database)
  }
}

/** Both are waited for, then the first trouble is told. */
const settled = async (maxAttempts: Promise<unknown>[]) => {
  for (const result of await Promise.allSettled(maxAttempts))
    if (result.status === 'rejected') throw result.reason
}

export const workQueue = (world: ChaosWorld, database: Database = world.database) =>
  runOnce({
    connectionString: world.database.url,
    // A pool that died with its process never comes back.
    taskList: tasks(database, { patienceMs: 0 }),
    noHandleSignals: true,
    concurrency: 2,
    logger: world.queueLogger,
  })

export const clearQueue = async ({ database: { sql } }: ChaosWorld) => {
  await sql`select graphile_worker.remove_job(key) from graphile_worker.jobs where key is not null and locked_at is null`
}

/** A pool that dies like its process: what waits is lost, nothing works afterwards, locks end with the connections. */
const connectDoomed = (like: ChaosWorld['database']) => {
  let statementsLeft = Number.POSITIVE_INFINITY
  let dead = false
  const die = () => {
    if (dead) return
    dead = true
    void sql.end({ timeout: 0 })
  }
  const sql = postgres(like.url, {
    max: 12,
    connection: { TimeZone: 'UTC', application_name: 'doomed' },
    // Its own question at every new connection would die unheard.
    fetch_types: false,
    onnotice: () => {},
    debug: () => {
      if (--statementsLeft <= 0) die()
    },
  })
  for (const kind of ['parsers', 'serializers'] as const)
    Object.assign(sql.options[kind], like.sql.options[kind])
  const close = async () => die()
  return {
    database: { db: drizzle(sql), sql, close } satisfies Database,
    die,
    dieAfter: (count: number) => {
      statementsLeft = count
    },
    isDead: () => dead,
    end: () => sql.end({ timeout: 0 }),
  }
}
