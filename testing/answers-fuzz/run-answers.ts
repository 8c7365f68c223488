import { readAppointment } from '#db/queries/appointments.ts'
import { parseEventId } from '#lib/sync/core/event-id.ts'
import { isForeignWrite } from '../../emulator/testing.ts'
import { passTime } from '../chaos/environment.ts'
import { findViolations } from '../chaos/invariants.ts'
import { isOurs } from '../chaos/lookup.ts'
import { connectionOf, createModel, type Model, type Services, storeOf } from '../chaos/model.ts'
import { captureLog, leaksIn, textOf } from '../chaos/run-scenario.ts'
import { inSophiie } from '../chaos/sophiie.ts'
import { mutate, type Path } from './mutations.ts'
import { type AskingName, askingOf, fillCalendar } from './operations.ts'

/** A field of an answer, changed in `times` answers in a row. Plain data, so it can be replayed. */
export type OddAnswer = { asking: AskingName; field: number; mutation: string; times: number }

const bookings = 3
const mostRuns = 6

/**
 * Sends odd answers one after another. After each, nothing is removed, duplicated or written to a
 * foreign event, and once answers are right again a run succeeds without a person; at the end both
 * sides agree.
 */
export const runAnswers = async (
  services: Services,
  batch: { whenRemoved: 'ask' | 'cancel' | 'put-back'; answers: OddAnswer[] },
): Promise<void> => {
  const model = await createModel(services)
  const output = captureLog()
  try {
    await model.fixture.setDefaultAnswer(batch.whenRemoved)
    fillCalendar(model)
    for (let n = 0; n < bookings; n++)
      await inSophiie(model, { do: 'book', slot: { day: 10 + n, hour: 5, minutes: 60 }, assignees: n })
    await expectSuccess(model)
    for (const answer of batch.answers) await sendOdd(model, answer)
    await expectAgreement(model)
    const leaks = leaksIn(output.text())
    if (leaks.length > 0) throw new Error(leaks.join('\n'))
  } catch (error) {
    throw new Error(`${textOf(error)}\n\nAfter:\n${model.steps.join('\n')}\n\nLog:\n${output.text().slice(-6000)}`, {
      cause: error,
    })
  } finally {
    output.stop()
    services.google.world.log.clear()
  }
}

const sendOdd = async (model: Model, odd: OddAnswer): Promise<void> => {
  const { operation, prepare, ask } = askingOf(odd.asking)
  await prepare(model)
  const known = await countStored(model)
  const sent: Path[] = []
  injectOdd(model, { operation, odd, sent })
  const step = `${JSON.stringify(odd)}`
  model.steps.push(step)
  const failure = ask ? await failureOf(() => ask(model)) : await failureOfRun(model)
  model.steps[model.steps.length - 1] = `${step} at ${sent.map((path) => path.join('.') || 'all').join(' and ')}`
  if (ask && failure) throw new Error(`asking threw: ${failure}`)
  await expectHonestStatus(model, failure)
  const mirror = !sent.some(mayHideEvents)
  // What is new in Google may not have arrived yet.
  await expectNothingRemoved(model, { stored: mirror ? known : 0 })
  model.google.world.faults.length = 0
  await expectSuccess(model)
  await expectNothingRemoved(model, { stored: mirror ? countForeign(model) : 0 })
  expectNothingDoubled(model)
}

/** A list without items is believed, and so is a date outside the range that is shown. */
const mayHideEvents = (path: Path) => path.join() === 'items' || /^date/.test(String(path.at(-1)))

const injectOdd = (
  { google: { world } }: Model,
  { operation, odd, sent }: { operation: string; odd: OddAnswer; sent: Path[] },
) => {
  const { times } = odd
  const rewrite = (answer: unknown) => {
    const { path, answer: changed } = mutate(answer, odd)
    sent.push(path)
    return changed
  }
  // A deletion has no body to change.
  if (operation === 'events.delete')
    world.faults.push({
      match: { operation },
      times,
      kind: 'body',
      executes: true,
      body: JSON.stringify(mutate({}, odd).answer),
    })
  else world.faults.push({ match: { operation }, times, kind: 'rewrite', rewrite })
}

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
const expectHonestStatus = async ({ fixture }: Model, failure: string | null) => {
  const status = await fixture.status()
  if (failure && status?.state === 'healthy') throw new Error(`“up to date” after a run that ended with ${failure}`)
  if (status?.state === 'needs-attention')
    throw new Error(`An odd answer needs a person: ${status.reason} (the run ended with ${failure})`)
}

/** Answers are right again: runs succeed, and nothing waits or needs a person. */
const expectSuccess = async (model: Model) => {
  let failure: string | null = null
  for (let run = 0; run < mostRuns; run++) {
    await passTime(model, 7)
    failure = await failureOfRun(model)
    if (failure?.startsWith('threw')) throw new Error(`a run without faults ${failure}`)
    if (failure === null && (await model.fixture.status())?.state === 'healthy') break
  }
  const status = await model.fixture.status()
  if (failure || status?.state !== 'healthy')
    throw new Error(`stuck after ${mostRuns} runs: ${failure}, status ${JSON.stringify(status)}`)
  const attention = await model.database.sql`
    select last_error_kind, last_error_detail from event_mappings
    where business_id = ${model.fixture.businessId} and rejected_revision is not null`
  if (attention.length > 0) throw new Error(`an appointment needs a person: ${JSON.stringify(attention)}`)
}

const countStored = async (model: Model): Promise<number> => {
  const connection = await connectionOf(model)
  const [row] = await model.database.sql<{ n: number }[]>`
    select count(*)::int as n from google_events where connection_id = ${connection?.id ?? ''}`
  return row?.n ?? 0
}

/** Events of the chosen calendar that Sophiie did not create. */
const countForeign = (model: Model): number => {
  const live = [...(storeOf(model, model.chosen.calendarId)?.events.values() ?? [])]
  return live.filter((event) => !isOurs(event) && event.status !== 'cancelled').length
}

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

const expectNothingDoubled = (model: Model) => {
  const found = new Map<string, number>()
  for (const { calendarIds } of model.accounts)
    for (const calendarId of calendarIds)
      for (const event of storeOf(model, calendarId)?.events.values() ?? []) {
        if (!isOurs(event) || event.status === 'cancelled' || event.masterId) continue
        const id = parseEventId(event.id)?.appointmentId ?? event.id
        found.set(id, (found.get(id) ?? 0) + 1)
      }
  for (const id of model.booked) {
    const count = found.get(id) ?? 0
    if (count !== (model.mayBeCancelled.has(id) ? 0 : 1)) throw new Error(`appointment ${id} has ${count} events`)
  }
}

/**
 * What an answer said about an event may have been believed; every event is changed once more and
 * read again, then both sides are compared field by field.
 */
const expectAgreement = async (model: Model) => {
  const { calendarId } = model.chosen
  const { email } = model.fixture
  for (const event of [...(storeOf(model, calendarId)?.events.values() ?? [])])
    if (event.status !== 'cancelled')
      model.google.person.change({ email, calendarId, eventId: event.id, changes: { colorId: '7' }, scope: 'this' })
  await model.database.sql`update google_connections set sync_token = null`
  await expectSuccess(model)
  await expectSuccess(model)
  model.steps.push('compare')
  const violations = await findViolations(model)
  if (violations.length > 0) throw new Error(violations.join('\n'))
}
