import { eq } from 'drizzle-orm'
import { clearTrouble } from '#db/queries/mappings/mappings.ts'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { businesses } from '#db/schema/business.ts'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { finishLink } from '#lib/connection/link.ts'
import { callbackAddress, challengeOf, newOAuthState } from '#lib/connection/oauth-state.ts'
import { tryAgain } from '#lib/connection/request-runs.ts'
import type { LinkOutcome } from '#lib/connection/schema.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { massDeletionKind } from '#lib/google/failure-kind.ts'
import { authorizationUrl } from '#lib/google/oauth.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { control } from '../../emulator/testing.ts'
import type { OwnerCommand } from './commands.ts'
import { calendarOf, type Model, pick, storeOf } from './model.ts'
import { zone } from './times.ts'

/** The owner, in Settings and on Google's pages. */
export const asOwner = async (model: Model, command: OwnerCommand): Promise<void> => {
  const { fixture, google, database } = model
  const { person } = google
  switch (command.do) {
    case 'choose': {
      const calendarId = pick(model.accounts[model.chosen.account]?.calendarIds ?? [], command.calendar)
      if (calendarId) await choose(model, calendarId)
      return
    }
    case 'unlink':
      if (await calendarOf(model)) model.abandoned.add(model.chosen.calendarId)
      await unlink(fixture.viewer)
      return
    case 'link': {
      if (await calendarOf(model)) return
      // Usually the same account again.
      const account = command.account === 0 ? 1 : 0
      await linkAgain(model, { account, calendar: command.calendar })
      return
    }
    case 'change-account':
      return changeAccount(model)
    case 'add-alias': {
      const { email = '' } = model.accounts[model.chosen.account] ?? {}
      const alias = `alias-${++model.serial}@harbour.example`
      person.setAliases({ email, aliases: [alias] })
      model.alias = alias
      return
    }
    case 'reconnect':
      if (await calendarOf(model)) await link(model, model.chosen.account)
      return
    case 'sync-now':
      return syncNow(model)
    case 'approve-deletion':
      return approveDeletion(model)
    case 'default-answer':
      model.cancelsAutomatically ||= command.whenRemoved === 'cancel'
      await database.db
        .update(businesses)
        .set({ whenRemoved: command.whenRemoved })
        .where(eq(businesses.id, fixture.businessId))
      return
    case 'retry': {
      const appointmentId = pick([...model.booked], command.which)
      if (appointmentId) await retry(model, appointmentId)
      return
    }
    case 'revoke-access':
      person.revokeAccess({ email: model.accounts[model.chosen.account]?.email ?? '' })
      return
    default:
      return share(model, command)
  }
}

export const retry = async (model: Model, appointmentId: string) => {
  const { database, fixture } = model
  await database.db.transaction((tx) => clearTrouble(tx, { businessId: fixture.businessId, appointmentId }))
  await syncNow(model)
}

/** The button “Sync now” of the owner. */
export const syncNow = async (model: Model) => {
  const calendar = await calendarOf(model)
  if (calendar?.calendarId) await requestRun(model, calendar.id)
}

/** What “Sync now” does for each calendar. */
export const requestRun = ({ database }: Model, syncedCalendarId: string) =>
  database.db.transaction(async (tx) => {
    await updateSyncedCalendar(tx, syncedCalendarId, tryAgain)
    await enqueueSync(tx, syncedCalendarId)
  })

/** The owner confirms what the mass-deletion guard holds back. */
export const approveDeletion = async (model: Model) => {
  const calendar = await calendarOf(model)
  if (calendar?.lastFailureKind !== massDeletionKind) return
  await updateSyncedCalendar(model.database.db, calendar.id, { bulkDeletionApproved: true })
  await syncNow(model)
}

export const choose = async (model: Model, calendarId: string): Promise<boolean> => {
  const store = storeOf(model, calendarId)
  const role = roleOf(model, calendarId)
  // Settings offers writable calendars only.
  if (!store || store.deleted || (role !== 'owner' && role !== 'writer')) return false
  const before = (await calendarOf(model))?.calendarId
  if (before && before !== calendarId && !isReachable(model, before)) model.abandoned.add(before)
  const chosen = await chooseCalendar(model.fixture.viewer, {
    id: calendarId,
    name: store.summary,
    timeZone: zone,
    access: role,
    primary: false,
    disabledBecause: null,
  })
  if (!chosen.ok) return false
  model.abandoned.delete(calendarId)
  model.chosen = { ...model.chosen, calendarId }
  return true
}

const isReachable = (model: Model, calendarId: string) => {
  const role = roleOf(model, calendarId)
  return storeOf(model, calendarId)?.deleted === false && (role === 'owner' || role === 'writer')
}

const roleOf = (model: Model, calendarId: string) =>
  storeOf(model, calendarId)?.acl.get(model.accounts[model.chosen.account]?.email ?? '')

const changeAccount = async (model: Model): Promise<void> => {
  const { calendarId } = model.chosen
  const store = storeOf(model, calendarId)
  const account = model.chosen.account === 0 ? 1 : 0
  const { email = '', calendarIds = [] } = model.accounts[account] ?? {}
  if (store?.deleted !== false || !(await calendarOf(model))) return
  if (calendarIds.includes(calendarId)) model.google.person.setAccess({ calendarId, email, role: 'writer' })
  else {
    const { summary } = store
    model.google.person.addCalendar({ email, summary, id: calendarId, accessRole: 'writer' })
    calendarIds.push(calendarId)
  }
  await unlink(model.fixture.viewer)
  if ((await link(model, account)) !== 'linked') {
    model.abandoned.add(calendarId)
    return
  }
  model.chosen = { account, calendarId }
  if (!(await choose(model, calendarId))) model.abandoned.add(calendarId)
}

/** Through the link flow: authorize at Google, come back, exchange, store. */
export const link = async (model: Model, account: number): Promise<LinkOutcome> => {
  if (account !== model.chosen.account) await abandonPending(model)
  const { viewer } = model.fixture
  const oauthState = newOAuthState(viewer, 'business')
  const url = authorizationUrl({
    redirectUri: callbackAddress(),
    scopes: linkScopes,
    state: oauthState.state,
    codeChallenge: challengeOf(oauthState.verifier),
    prompt: 'consent',
    offline: true,
  })
  const answer = await control(model.google.url, 'authorize', {
    body: { url, email: model.accounts[account]?.email },
  })
  const back = new URL((answer as { location: string }).location).searchParams
  const returned = { code: back.get('code'), state: back.get('state'), error: back.get('error') }
  return (await finishLink(viewer, oauthState, returned)).outcome
}

/** Events that await removal stay in the calendars of an account that is not linked any more. */
const abandonPending = async ({ database, fixture, abandoned }: Model): Promise<void> => {
  const calendars = await database.sql<{ id: string }[]>`
    select distinct calendar_id as id from event_mappings
    where business_id = ${fixture.businessId} and pending_removal`
  for (const { id } of calendars) abandoned.add(id)
}

const linkAgain = async (model: Model, to: { account: number; calendar: number }) => {
  if ((await link(model, to.account)) !== 'linked') return
  const same = to.account === model.chosen.account && to.calendar > 0
  const calendarIds = model.accounts[to.account]?.calendarIds ?? []
  const calendarId = same ? model.chosen.calendarId : (pick(calendarIds, to.calendar) ?? '')
  model.chosen = { account: to.account, calendarId }
  await choose(model, calendarId)
}

const share = (model: Model, command: Extract<OwnerCommand, { do: 'share' | 'unshare' | 'delete-calendar' }>): void => {
  const { person } = model.google
  const { account } = model.chosen
  const { email = '', calendarIds = [] } = model.accounts[account] ?? {}
  const calendarId = pick(calendarIds, command.calendar) ?? ''
  if (storeOf(model, calendarId)?.deleted !== false) return
  // Events that await removal stay in a calendar that is not writable.
  if (command.do !== 'share' || command.role !== 'owner') model.abandoned.add(calendarId)
  if (command.do === 'share') person.setAccess({ calendarId, email, role: command.role })
  else if (command.do === 'unshare') person.unshare({ calendarId, email })
  else if (storeOf(model, calendarId)?.owner === email && calendarId !== email) {
    person.deleteCalendar({ email, calendarId })
    for (const id of model.booked) model.mayBeRemoved.add(id)
  }
}
