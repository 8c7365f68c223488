import {
  type AppointmentRow,
  readAppointment,
  readAppointmentForUpdate,
  writeAppointment,
} from '#db/queries/appointments.ts'
import {
  type CopyRow,
  insertPendingCopies,
  readCopies,
  readCopiesAround,
  readDirty,
  saveCopy,
} from '#db/queries/copies.ts'
import { spendBudget } from '#db/queries/sync.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import { announce } from '#lib/live/announce.ts'
import { log } from '#lib/log.ts'
import { type SyncContext, withPresentSayings } from './context.ts'
import { backoffMs } from './core/backoff.ts'
import type { Content, Seen } from './core/content.ts'
import { scopeOfFailure } from './core/failure-kind.ts'
import { copyEventId, lastEpoch, markerKeys } from './core/identity.ts'
import { bodyForInsert, bodyForPatch } from './core/project.ts'
import { type RawEvent, readSeen } from './core/read-event.ts'
import { type Remote, reconcile, type Step } from './core/reconcile.ts'
import { agreed, applySightings, localContent, startingOver } from './follow.ts'
import { emptyCopy, recordUnderEpoch } from './pull.ts'

/**
 * Sophiie → Google: the only place that writes events, and only under ids recorded in `copies` or made from an
 * appointment's. `If-Match` decides who was first; a refusal leads to a fresh look at that one event.
 */

type PushContext = SyncContext & { ceiling: number }
export type PushOutcome = { pushed: number; failure: GoogleFailure | null }

const isOver = (context: SyncContext) => Date.now() > context.deadline

const inFlight = 8
const batch = 200
const looks = 3
/** Requests per minute and Google account, of the 600 that Google allows; the first ones of a run may use the last ones. */
const ceilings = { people: 580, backfill: 500 }
const peoplesShare = 50

/** Pushes every dirty appointment, eight at a time. Stops early when the connection itself is in trouble, or at the deadline. */
export const pushDirty = async (context: SyncContext): Promise<PushOutcome> => {
  const tried: string[] = []
  let pushed = 0
  for (;;) {
    const ids = await readDirty(context.db, context.place, {
      selectedAt: context.connection.selectedAt,
      now: context.now(),
      limit: tried.length === 0 ? peoplesShare : batch,
      except: tried,
    })
    if (ids.length === 0) return { pushed, failure: null }
    const ceiling = tried.length === 0 ? ceilings.people : ceilings.backfill
    tried.push(...ids)
    const outcome = await pushAll({ ...context, ceiling }, ids)
    pushed += outcome.pushed
    if (outcome.failure) return { pushed, failure: outcome.failure }
    if (isOver(context)) return { pushed, failure: null }
  }
}

const pushAll = async (context: PushContext, ids: string[]): Promise<PushOutcome> => {
  if (!(await intend(context, ids))) return { pushed: 0, failure: null }
  const waiting = [...ids]
  let failure: GoogleFailure | null = null
  let pushed = 0
  const lane = async () => {
    for (let id = waiting.shift(); id && !failure && !isOver(context); id = waiting.shift()) {
      const trouble = await pushOne(context, id)
      if (trouble) failure = trouble
      else pushed++
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, ids.length) }, lane))
  if (pushed > 0) await announce(context.db, context.businessId)
  return { pushed, failure }
}

/**
 * Written before the first request: an event whose making nobody could record any more (a crash, another calendar chosen
 * meanwhile) is known by its id and found again. Ids differ from calendar to calendar: guests see the events of
 * each, and one id on two calendars of a person would be one event to Google.
 */
const intend = (context: PushContext, ids: string[]): Promise<boolean> =>
  recordUnderEpoch(context, async (tx) => {
    const { known, elsewhere } = await readCopiesAround(tx, context.place, ids)
    const intended = ids
      .filter((id) => !known.has(id))
      .map((id) => {
        const idEpoch = firstFree(elsewhere.get(id) ?? [])
        return { appointmentId: id, idEpoch, eventId: copyEventId(id, idEpoch) }
      })
    await insertPendingCopies(tx, context.place, intended)
  })

const firstFree = (taken: number[]): number => {
  const free = Array.from({ length: lastEpoch }, (_, epoch) => epoch).find((epoch) => !taken.includes(epoch))
  return free ?? lastEpoch
}

/** Null = done, or its trouble is its own and recorded on it; else the trouble of the whole connection. */
const pushOne = async (context: PushContext, appointmentId: string): Promise<GoogleFailure | null> => {
  for (let look = 0; look < looks; look++) {
    const item = await readItem(context, appointmentId)
    if (!item) return null
    const outcome = await perform(context, item)
    if (outcome === 'done') return null
    if (outcome === 'look-again') continue
    if (scopeOfFailure[outcome.kind] === 'connection') return outcome
    await recordTrouble(context, item, outcome)
    return null
  }
  const item = await readItem(context, appointmentId)
  if (item)
    await recordTrouble(context, item, {
      kind: 'transient',
      detail: 'changing',
      status: null,
      retryAfterSeconds: null,
    })
  return null
}

/** An appointment, its copy, and what is to be done; as of now. */
type Item = { row: AppointmentRow; copy: CopyRow; content: Content; step: Step }
type Outcome = 'done' | 'look-again' | GoogleFailure

const readItem = async (context: PushContext, appointmentId: string): Promise<Item | null> => {
  const { db } = context
  const row = await readAppointment(db, { businessId: context.businessId, id: appointmentId })
  if (!row) return null
  const [recorded] = await readCopies(db, context.place, [appointmentId])
  const copy = recorded ?? { ...emptyCopy(context, appointmentId), eventId: copyEventId(appointmentId, 0) }
  const content = localContent(row, await withPresentSayings(db, context))
  const local = { state: row.status, content }
  return {
    row,
    copy,
    content,
    step: reconcile({ local, remote: remoteOf(copy), base: copy.base as Content | null }),
  }
}

const remoteOf = (copy: CopyRow): Remote => {
  if (copy.state === 'live' && copy.seen) return { state: 'present', seen: copy.seen as Seen }
  return { state: copy.state === 'pending' || copy.state === 'live' ? 'absent' : 'gone' }
}

const perform = async (context: PushContext, item: Item): Promise<Outcome> => {
  const { step } = item
  if (step.do === 'flag' && isWantedAgain(item)) return takeNextId(context, item)
  if (step.do === 'insert') return insert(context, item, step.content)
  if (step.do === 'delete') return remove(context, item)
  if (step.do === 'converge' && step.write.length > 0) return patch(context, item, step)
  if (step.do === 'converge') return settle(context, item, step)
  if (step.do === 'forget') return record(context, item, { state: 'gone', ...agreed(item.row.revision) })
  // Flagged: people are asked, and until they answer there is nothing to tell Google.
  return record(context, item, agreed(item.row.revision))
}

/** People answered: reinstated after both sides had ended it, or put back after its removal in Google. */
const isWantedAgain = ({ row, copy }: Item) =>
  row.status === 'booked' &&
  (copy.state === 'gone' || (copy.state === 'removed' && row.removedInGoogleAt === null))

const insert = async (context: PushContext, item: Item, content: Content): Promise<Outcome> => {
  const { copy, row } = item
  const body = bodyForInsert(content, row.id, { ...context.rules, eventId: copy.eventId })
  const answer = await spend(context, 1, () => context.api.insertEvent(context.place.calendarId, body))
  if (answer.ok) return recordWritten(context, item, { raw: answer.data, base: content })
  return answer.failure.kind === 'conflict' ? resolveTakenId(context, item, content) : answer.failure
}

/** 409: ours and alive → look again with it; ours and deleted → restore it; anything else → the next id. */
const resolveTakenId = async (context: PushContext, item: Item, content: Content): Promise<Outcome> => {
  const { copy } = item
  const answer = await spend(context, 1, () => context.api.getEvent(context.place.calendarId, copy.eventId))
  if (!answer.ok && answer.failure.kind !== 'gone') return answer.failure
  const event = answer.ok ? answer.data : null
  const marker = event?.extendedProperties?.private?.[markerKeys.appointment]
  if (!event || marker !== copy.appointmentId) return takeNextId(context, item)
  if (event.status === 'cancelled') return restore(context, item, { event, content })
  return readSeen(event, context.rules.timeZone) ? see(context, item, event) : takeNextId(context, item)
}

const restore = async (
  context: PushContext,
  item: Item,
  found: { event: RawEvent; content: Content },
): Promise<Outcome> => {
  const { id: _, ...body } = bodyForInsert(found.content, item.row.id, {
    ...context.rules,
    eventId: item.copy.eventId,
  })
  const change = { etag: found.event.etag ?? '*', body }
  const answer = await spend(context, 3, () =>
    context.api.patchEvent(context.place.calendarId, item.copy.eventId, change),
  )
  if (answer.ok && answer.data.status !== 'cancelled')
    return recordWritten(context, item, { raw: answer.data, base: found.content })
  if (answer.ok) return takeNextId(context, item)
  if (answer.failure.kind === 'conflict') return 'look-again'
  // A deleted event may refuse with 403, which elsewhere means that the calendar is lost: the next insert tells.
  // Without an answer it may have come back all the same: the next try finds it, another id would make it two.
  const refused = ['gone', 'rejected', 'calendar-lost'].includes(answer.failure.kind)
  return refused ? takeNextId(context, item) : answer.failure
}

const takeNextId = async (context: PushContext, item: Item): Promise<Outcome> => {
  const idEpoch = item.copy.idEpoch + 1
  if (idEpoch > lastEpoch)
    return { kind: 'rejected', detail: 'ids-used-up', status: null, retryAfterSeconds: null }
  const copy = { ...item.copy, idEpoch, eventId: copyEventId(item.row.id, idEpoch) }
  await record(context, { ...item, copy }, { ...startingOver(item.copy), idEpoch })
  return 'look-again'
}

const patch = async (context: PushContext, item: Item, step: Step & { do: 'converge' }): Promise<Outcome> => {
  const { copy } = item
  const seen = copy.seen as Seen
  const body = bodyForPatch({
    write: step.write,
    content: step.base,
    base: copy.base as Content | null,
    seen,
  })
  const change = { etag: copy.etag ?? '*', body }
  const answer = await spend(context, 3, () =>
    context.api.patchEvent(context.place.calendarId, copy.eventId, change),
  )
  if (answer.ok) return recordWritten(context, item, { raw: answer.data, base: step.base })
  return isNews(answer.failure) ? lookAt(context, item, answer.failure) : answer.failure
}

const remove = async (context: PushContext, item: Item): Promise<Outcome> => {
  const { copy, row } = item
  const answer = await spend(context, 1, () =>
    context.api.deleteEvent(context.place.calendarId, copy.eventId, copy.etag ?? '*'),
  )
  if (!answer.ok && answer.failure.kind === 'conflict') return lookAt(context, item, answer.failure)
  if (!answer.ok && answer.failure.kind !== 'gone') return answer.failure
  return record(context, item, { state: 'gone', ...agreed(row.revision) })
}

/** 403 is among the answers to a change of a deleted event; only reading it tells which of both it is. */
const isNews = (failure: GoogleFailure) => ['conflict', 'gone', 'calendar-lost'].includes(failure.kind)

/** Somebody was faster: read that event, take in what it says, and look again. */
const lookAt = async (context: PushContext, item: Item, cause: GoogleFailure): Promise<Outcome> => {
  const { copy } = item
  const answer = await spend(context, 1, () => context.api.getEvent(context.place.calendarId, copy.eventId))
  if (!answer.ok && answer.failure.kind === 'gone' && answer.failure.status === 410)
    return see(context, item, null)
  // 404 may also mean that the calendar is gone or that reads lag: the next pull tells, nothing is concluded here.
  if (!answer.ok)
    return answer.failure.kind === 'gone' ? { ...answer.failure, kind: 'transient' } : answer.failure
  if (answer.data.status === 'cancelled') return see(context, item, null)
  if (cause.kind === 'gone') return { ...cause, kind: 'transient' }
  if (cause.kind === 'calendar-lost') return cause
  return see(context, item, answer.data)
}

const see = async (context: PushContext, item: Item, raw: RawEvent | null): Promise<Outcome> => {
  const { copy } = item
  const seen = raw && readSeen(raw, context.rules.timeZone)
  if (raw && !seen) return { kind: 'rejected', detail: 'unreadable', status: null, retryAfterSeconds: null }
  const remote = seen
    ? { state: 'present' as const, seen, etag: raw.etag ?? '', htmlLink: raw.htmlLink ?? '' }
    : { state: 'gone' as const }
  const held = await recordUnderEpoch(context, async (tx) => {
    await applySightings(tx, context, [{ copy, remote }], { generation: copy.generation })
    await announce(tx, context.businessId)
  })
  return held && remote.state === 'present' ? 'look-again' : 'done'
}

/** Nothing to write: what Google says is taken in and agreed. */
const settle = async (
  context: PushContext,
  item: Item,
  step: Step & { do: 'converge' },
): Promise<Outcome> => {
  if (step.follow.length === 0)
    return record(context, item, { base: step.base, ...agreed(item.row.revision) })
  const { copy } = item
  const remote = {
    state: 'present' as const,
    seen: copy.seen as Seen,
    etag: copy.etag ?? '',
    htmlLink: copy.htmlLink,
  }
  const held = await recordUnderEpoch(context, async (tx) => {
    await applySightings(tx, context, [{ copy, remote }], { generation: copy.generation })
  })
  return held ? 'look-again' : 'done'
}

/** After Google's acknowledgement: the base, and what is seen now. */
const recordWritten = async (
  context: PushContext,
  item: Item,
  written: { raw: RawEvent; base: Content },
): Promise<Outcome> => {
  const { raw, base } = written
  const seen = readSeen(raw, context.rules.timeZone)
  const change = {
    state: 'live' as const,
    base,
    seen,
    etag: raw.etag ?? null,
    htmlLink: raw.htmlLink ?? '',
    pushedAt: context.now(),
    ...agreed(item.row.revision),
  }
  return record(context, item, change, async (tx) => {
    if (!item.row.removedInGoogleAt) return
    const row = await readAppointmentForUpdate(tx, { businessId: context.businessId, id: item.row.id })
    if (row) await writeAppointment(tx, { ...row, removedInGoogleAt: null })
  })
}

type Also = (tx: Parameters<Parameters<typeof recordUnderEpoch>[1]>[0]) => Promise<void>

const record = async (
  context: PushContext,
  item: Item,
  change: Parameters<typeof saveCopy>[2],
  also?: Also,
): Promise<Outcome> => {
  const key = { ...context.place, appointmentId: item.row.id, eventId: item.copy.eventId }
  await recordUnderEpoch(context, async (tx) => {
    await saveCopy(tx, key, change)
    await also?.(tx)
  })
  return 'done'
}

/** A refused or failed item is visible, has its own next try, and holds up nobody. */
const recordTrouble = async (context: PushContext, item: Item, failure: GoogleFailure): Promise<void> => {
  const { copy, row } = item
  const kind = failure.kind === 'transient' ? 'transient' : 'rejected'
  const attempts = copy.attempts + 1
  const waitMs = backoffMs({
    kind,
    attempt: attempts,
    chance: context.chance(),
    retryAfterSeconds: failure.retryAfterSeconds,
  })
  log('warn', 'sync.item-failed', {
    connectionId: context.connection.id,
    appointmentId: row.id,
    kind: failure.kind,
    detail: failure.detail,
    attempts,
  })
  await record(context, item, {
    attempts,
    lastErrorKind: kind,
    lastErrorDetail: failure.detail,
    waitingSince: copy.waitingSince ?? context.now(),
    nextAttemptAt: waitMs === null ? null : new Date(Date.parse(context.now()) + waitMs).toISOString(),
    rejectedRevision: kind === 'rejected' ? row.revision : null,
  })
  await announce(context.db, context.businessId)
}

/** Google's quota is shared by all processes; when it is used up, the connection waits for the next minute. */
const spend = async <T>(
  context: PushContext,
  units: number,
  call: () => Promise<GoogleAnswer<T>>,
): Promise<GoogleAnswer<T>> => {
  const { googleSub } = context.place
  if (await spendBudget(context.database.db, { googleSub, units, ceiling: context.ceiling })) return call()
  const retryAfterSeconds = 60 - (Math.floor(Date.parse(context.now()) / 1000) % 60)
  return {
    ok: false,
    failure: { kind: 'rate-limited', detail: 'own-budget', status: null, retryAfterSeconds },
  }
}
