import { readAppointment } from '#db/queries/appointments.ts'
import { parseEventId } from '#lib/sync/core/event-id.ts'
import type { StoredEvent } from '../../emulator/model.ts'
import { isForeignWrite } from '../../emulator/testing.ts'
import { passTime } from '../chaos/environment.ts'
import { findViolations, inJson } from '../chaos/invariants.ts'
import { isOurs } from '../chaos/lookup.ts'
import { calendarOf, createModel, type Model, nextWord, type Services, storeOf } from '../chaos/model.ts'
import { link } from '../chaos/owner.ts'
import { captureLog, leaksIn, textOf } from '../chaos/run-scenario.ts'
import { inSophiie } from '../chaos/sophiie.ts'
import { type Coverage, recordNotAsked, recordSent } from './coverage.ts'
import { type Injected, inject, type OddAnswer, type Sent } from './inject.ts'
import { askingOf } from './operations.ts'
import { fillCalendar } from './prepare.ts'
import { appointmentsRefused } from './refusals.ts'
import { isExplained } from './undetectable.ts'

type WhenRemoved = 'ask' | 'cancel' | 'put-back'
/** The answers of a step are sent in one run. */
export type Batch = { whenRemoved: WhenRemoved; steps: OddAnswer[][] }

const bookings = 3
const mostRuns = 6

/** A promise that was not kept after `batch`, whose fields and changes are given by name. */
export class Violation extends Error {
  readonly batch: Batch

  constructor(message: string, batch: Batch) {
    super(message)
    this.batch = batch
  }
}

/**
 * Sends odd answers, step by step. After each step, nothing is removed, duplicated or written to a
 * foreign event, a calendar that says "up to date" is so, and once answers are right again runs
 * succeed without a person and follow changes; at the end both sides agree. Throws a `Violation`.
 * Prefers changes that `coverage` lacks, and adds to it.
 */
export const runAnswers = async (services: Services, batch: Batch, coverage: Coverage = new Map()): Promise<void> => {
  const steps = structuredClone(batch.steps)
  const model = await createModel(services)
  const output = captureLog()
  try {
    await model.fixture.setDefaultAnswer(batch.whenRemoved)
    fillCalendar(model)
    for (let n = 0; n < bookings; n++)
      await inSophiie(model, { do: 'book', slot: { day: 10 + n, hour: 5, minutes: 60 }, assignees: n, hasPlace: n > 0 })
    await expectSuccess(model)
    const sent: Sent[] = []
    for (const step of steps) sent.push(...(await sendOdd(model, step, coverage)))
    await expectAgreement(model, sent)
    const leaks = leaksIn(output.text())
    if (leaks.length > 0) throw new Error(leaks.join('\n'))
  } catch (error) {
    const text = `${textOf(error)}\n\nAfter:\n${model.steps.join('\n')}\n\nLog:\n${output.text().slice(-6000)}`
    throw new Violation(text, { ...batch, steps })
  } finally {
    output.stop()
    services.google.world.log.clear()
  }
}

/** Returns what was sent. */
const sendOdd = async (model: Model, step: OddAnswer[], coverage: Coverage): Promise<Sent[]> => {
  const injected = chosenOf(step).map((odd): Injected => ({ odd, asking: askingOf(odd.asking), sent: [] }))
  for (const { asking } of injected) await asking.prepare?.(model)
  const stored = await countStored(model)
  for (const one of injected) inject(model, one, coverage)
  model.steps.push(JSON.stringify(step))
  const asked = await Promise.all(injected.map(({ asking }) => failureOf(async () => asking.ask?.(model))))
  const failure = await failureOfRun(model)
  for (const { odd, sent } of injected) record(coverage, odd.asking, sent)
  model.steps.push(injected.map(textOfSent).join(', '))
  for (const error of asked) if (error) throw new Error(`asking threw: ${error}`)
  const mayBeRevoked = injected.some(hasOtherGrant)
  await expectHonestStatus(model, { failure, mayBeRevoked })
  // Events that are new in Google may not have arrived yet.
  await expectNothingRemoved(model, { stored: injected.some(mayHideEvents) ? 0 : stored })
  model.google.world.faults.length = 0
  if (mayBeRevoked) await link(model, 0)
  for (const { asking } of injected) await asking.finish?.(model)
  const changes = changeInGoogle(model)
  await expectSuccess(model)
  await expectFollowed(model, changes)
  await expectNothingDoubled(model)
  // An event that an odd list hid, or sent as another, arrives with the next full read.
  const isListed = injected.some(({ asking }) => asking.operation === 'events.list')
  if (isListed && (await countStored(model)) < countForeign(model)) await readAgain(model)
  await expectNothingRemoved(model, { stored: countForeign(model) })
  return injected.flatMap(({ sent }) => sent)
}

/** One for each operation; those that need a run of their own to prepare come first. */
const chosenOf = (step: OddAnswer[]): OddAnswer[] => {
  const taken = new Set<string>()
  const chosen = step.filter(({ asking }) => {
    const { operation, claims = [] } = askingOf(asking)
    const all = [operation, ...claims]
    if (all.some((each) => taken.has(each))) return false
    for (const each of all) taken.add(each)
    return true
  })
  return chosen.sort((a, b) => Number(askingOf(b.asking).runs ?? false) - Number(askingOf(a.asking).runs ?? false))
}

const record = (coverage: Coverage, asking: string, sent: Sent[]) => {
  for (const one of sent) recordSent(coverage, one.countedAs ?? asking, one)
  if (sent.length === 0) recordNotAsked(coverage, asking)
}

const textOfSent = ({ odd, sent }: Injected) =>
  `${odd.asking}: ${sent.map(({ path, label }) => `${path.join('.') || 'all'} ${label}`).join(' and ') || 'not asked'}`

/** A list without an event, or with a bare deletion of it, is believed; so are its dates. */
const mayHideEvents = ({ sent }: Injected) =>
  sent.some(({ field }) => /^items(\.\*)?$|^items\.\*\..*date|^timeZone$/i.test(field))

/** A link stored another refresh token, which Google refuses at last; the owner then reconnects. */
const hasOtherGrant = ({ odd, sent }: Injected) =>
  odd.asking === 'link' && sent.some(({ field }) => field === 'refresh_token')

const failureOf = async (work: () => Promise<void>): Promise<string | null> => {
  try {
    await work()
    return null
  } catch (error) {
    return textOf(error)
  }
}

const failureOfRun = async (model: Model): Promise<string | null> => {
  try {
    const { ran, failure } = await syncOnce(model)
    return ran ? failure : 'did not run'
  } catch (error) {
    return `threw ${textOf(error)}`
  }
}

const syncOnce = async ({ fixture }: Model) => fixture.sync()

/** After a run that did not succeed, the status computed from stored facts says so. */
const expectHonestStatus = async (
  model: Model,
  { failure, mayBeRevoked }: { failure: string | null; mayBeRevoked: boolean },
) => {
  const status = await model.fixture.status()
  if (failure && status?.state === 'healthy') throw new Error(`“up to date” after a run that ended with ${failure}`)
  if (status?.state === 'needs-attention' && !(mayBeRevoked && status.reason === 'revoked'))
    throw new Error(`An odd answer needs a person: ${status.reason} (the run ended with ${failure})`)
  const refused = await appointmentsRefused(model)
  for (const id of model.booked) {
    if (refused.includes(id)) continue
    const count = eventsOf(model, id, [model.chosen.calendarId])
    if (count > 1) throw new Error(`appointment ${id} has ${count} events`)
    if (status?.state === 'healthy' && count !== (model.mayBeCancelled.has(id) ? 0 : 1))
      throw new Error(`“up to date” while appointment ${id} has ${count} events`)
  }
}

/** Answers are right again: runs succeed, and nothing waits or needs a person. */
const expectSuccess = async (model: Model) => {
  let failure: string | null = null
  for (let run = 0; run < mostRuns; run++) {
    if (run > 0) await passTime(model, 7)
    failure = await failureOfRun(model)
    if (failure?.startsWith('threw')) throw new Error(`a run without faults ${failure}`)
    if (failure === null && (await isSettled(model))) break
  }
  const status = await model.fixture.status()
  if (failure || status?.state !== 'healthy')
    throw new Error(`stuck after ${mostRuns} runs: ${failure}, status ${JSON.stringify(status)}`)
  const attention = await model.database.sql`
    select last_error_kind, last_error_detail from event_mappings
    where business_id = ${model.fixture.businessId} and rejected_revision is not null`
  if (attention.length > 0) throw new Error(`an appointment needs a person: ${JSON.stringify(attention)}`)
}

/** Up to date, and nothing is left in an old calendar. */
const isSettled = async ({ database, fixture }: Model): Promise<boolean> => {
  if ((await fixture.status())?.state !== 'healthy') return false
  const [left] = await database.sql`
    select 1 from event_mappings where business_id = ${fixture.businessId} and pending_removal limit 1`
  return !left
}

/** Foreign events in the mirror; one of ours is there after an answer without its marker. */
const countStored = async (model: Model): Promise<number> => {
  const calendar = await calendarOf(model)
  const [row] = await model.database.sql<{ n: number }[]>`
    select count(*)::int as n from google_events
    where synced_calendar_id = ${calendar?.id ?? ''} and event_id = any(${foreignIds(model)})`
  return row?.n ?? 0
}

/** Events of the chosen calendar that Sophiie did not create. */
const foreignIds = (model: Model): string[] => {
  const live = [...(storeOf(model, model.chosen.calendarId)?.events.values() ?? [])]
  return live.flatMap((event) => (isOurs(event) || event.status === 'cancelled' ? [] : event.id))
}

const countForeign = (model: Model): number => foreignIds(model).length

/** `stored`: at least so many Google events are in the mirror. */
const expectNothingRemoved = async (model: Model, { stored }: { stored: number }) => {
  const { database, fixture, google, booked, mayBeCancelled } = model
  for (const id of booked) {
    const row = await readAppointment(database.db, { businessId: fixture.businessId, id })
    if (!row) throw new Error(`appointment ${id} is gone`)
    if (row.removedInGoogleAt) throw new Error(`“${row.title}” counts as removed in Google`)
    if (row.status === 'cancelled' && !mayBeCancelled.has(id)) throw new Error(`“${row.title}” was cancelled`)
  }
  const found = await countStored(model)
  if (found < stored) throw new Error(`${found} of ${stored} foreign events are stored`)
  const written = google.world.log.since(model.logStart).find(isForeignWrite)
  if (written) throw new Error(`wrote to a foreign event: ${written.operation} “${written.eventBefore?.summary}”`)
}

const expectNothingDoubled = async (model: Model) => {
  const everywhere = model.accounts.flatMap(({ calendarIds }) => calendarIds)
  for (const id of model.booked) {
    const count = eventsOf(model, id, everywhere)
    if (count !== (model.mayBeCancelled.has(id) ? 0 : 1)) throw new Error(`appointment ${id} has ${count} events`)
  }
  const twice = await model.database.sql<{ title: string }[]>`
    select e.title from google_events e join event_mappings m using (business_id, event_id)
    where business_id = ${model.fixture.businessId} and m.state = 'live' and e.appointment_id is null`
  if (twice[0]) throw new Error(`“${twice[0].title}” is shown as an appointment and as an event of people`)
}

/** Live events of an appointment. */
const eventsOf = (model: Model, appointmentId: string, calendarIds: string[]): number =>
  calendarIds
    .flatMap((calendarId) => [...(storeOf(model, calendarId)?.events.values() ?? [])])
    .filter(
      (event) =>
        isOurs(event) && event.status !== 'cancelled' && !event.masterId && appointmentOf(event) === appointmentId,
    ).length

type Followed = { id: string | null; location: string; eventId: string; title: string }

/** People change an event of each side, in fields that the steps leave alone. */
const changeInGoogle = (model: Model): Followed => {
  const { calendarId } = model.chosen
  const live = [...(storeOf(model, calendarId)?.events.values() ?? [])].filter((event) => event.status !== 'cancelled')
  const theirs = live.find((event) => !isOurs(event) && !event.masterId && !event.content.recurrence)
  // None yet, if the calendar was chosen a moment ago.
  const own = live.find((event) => isOurs(event) && !model.mayBeCancelled.has(appointmentOf(event)))
  if (!theirs) throw new Error('there is no event to change')
  const at = { email: model.fixture.email, calendarId }
  const [location, title] = [nextWord(model, 'Google place'), nextWord(model, 'Retitled')]
  if (own) model.google.person.change({ ...at, eventId: own.id, changes: { location } })
  model.google.person.change({ ...at, eventId: theirs.id, changes: { summary: title } })
  return { id: own ? appointmentOf(own) : null, location, eventId: theirs.id, title }
}

const appointmentOf = ({ id }: StoredEvent): string => parseEventId(id)?.appointmentId ?? ''

const expectFollowed = async (model: Model, followed: Followed) => {
  if (!(await differenceOf(model, followed))) return
  // A read that had begun before the change has ended without it: the next delta has it.
  const failure = await failureOfRun(model)
  if (failure) throw new Error(`a run without faults ended with ${failure}`)
  const difference = await differenceOf(model, followed)
  if (difference) throw new Error(`up to date, but ${difference}`)
}

const differenceOf = async ({ database, fixture }: Model, { id, location, eventId, title }: Followed) => {
  const row = id && (await readAppointment(database.db, { businessId: fixture.businessId, id }))
  if (row && row.location !== location && !(await isRecordedAsLost(database, row.id, location)))
    return `at “${row.location}”, in Google “${location}”`
  const [mirrored] = await database.sql<{ title: string }[]>`
    select title from google_events where business_id = ${fixture.businessId} and event_id = ${eventId}`
  return mirrored?.title === title ? null : `“${mirrored?.title}” is “${title}” in Google`
}

/** Sophiie's value wins where an insert was not acknowledged; Google's goes to the activity. */
const isRecordedAsLost = async ({ sql }: Model['database'], id: string, value: string) => {
  const rows = await sql<{ text: string }[]>`
    select concat(before, after) as text from activity where appointment_id = ${id} and actor = 'google'`
  return rows.some(({ text }) => text.includes(inJson(value)))
}

const readAgain = async (model: Model) => {
  await model.database.sql`update synced_calendars set sync_token = null`
  await expectSuccess(model)
}

/**
 * What an answer said about an event may have been believed; every event is changed once more and
 * read again, then both sides are compared field by field.
 */
const expectAgreement = async (model: Model, sent: Sent[]) => {
  const { calendarId } = model.chosen
  const { email } = model.fixture
  for (const event of [...(storeOf(model, calendarId)?.events.values() ?? [])])
    if (event.status !== 'cancelled')
      model.google.person.change({ email, calendarId, eventId: event.id, changes: { colorId: '7' }, scope: 'this' })
  await readAgain(model)
  await expectSuccess(model)
  model.steps.push('compare')
  const violations = (await findViolations(model)).filter((violation) => !isExplained(violation, sent))
  if (violations.length > 0) throw new Error(violations.join('\n'))
}
