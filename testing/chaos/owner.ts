import { eq } from 'drizzle-orm'
import { updateConnection } from '#db/queries/connections.ts'
import { clearTrouble } from '#db/queries/mappings.ts'
import { businesses } from '#db/schema.ts'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { finishLink } from '#lib/connection/link.ts'
import { callbackAddress, challengeOf, newOAuthState } from '#lib/connection/oauth-state.ts'
import type { LinkOutcome } from '#lib/connection/schema.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { massDeletionKind } from '#lib/google/failure-kind.ts'
import { authorizationUrl } from '#lib/google/oauth.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { control } from '../../emulator/testing.ts'
import type { OwnerCommand } from './commands.ts'
import { accountOf, type ChaosWorld, connectionOf, pick, storeOf } from './model.ts'
import { zone } from './times.ts'

/** The owner's doings in Settings and on Google's own pages. */
export const asOwner = async (world: ChaosWorld, command: OwnerCommand): Promise<void> => {
  const { fixture, google, database } = world
  const { person } = google
  switch (command.do) {
    case 'choose': {
      const calendarId = pick(world.accounts[world.wanted.account]?.calendarIds ?? [], command.calendar)
      if (calendarId) await choose(world, calendarId)
      return
    }
    case 'unlink':
      if (await connectionOf(world)) world.leftAlone.add(world.wanted.calendarId)
      await unlink(fixture.viewer)
      return
    case 'link': {
      if (await connectionOf(world)) return
      // Mostly the same account again.
      const account = command.account === 0 ? 1 : 0
      await linkAnew(world, { account, calendar: command.calendar })
      return
    }
    case 'reconnect':
      if (await connectionOf(world)) await link(world, world.wanted.account)
      return
    case 'sync-now':
      return syncNow(world)
    case 'release-brake':
      return releaseBrake(world)
    case 'answer':
      world.cancelsByItself = command.whenRemoved === 'cancel'
      if (world.cancelsByItself) for (const id of world.booked) world.mayBeCancelled.add(id)
      await database.db
        .update(businesses)
        .set({ whenRemoved: command.whenRemoved })
        .where(eq(businesses.id, fixture.businessId))
      return
    case 'retry': {
      const appointmentId = pick([...world.booked], command.which)
      if (appointmentId) await retry(world, appointmentId)
      return
    }
    case 'revoke-access':
      person.revokeAccess({ email: world.accounts[world.wanted.account]?.email ?? '' })
      return
    default:
      return share(world, command)
  }
}

export const retry = async (world: ChaosWorld, appointmentId: string) => {
  const { database, fixture } = world
  await database.db.transaction((tx) => clearTrouble(tx, { businessId: fixture.businessId, appointmentId }))
  await syncNow(world)
}

/** The button in Settings. */
export const syncNow = async (world: ChaosWorld) => {
  const connection = await connectionOf(world)
  if (!connection?.calendarId) return
  await world.database.db.transaction(async (tx) => {
    await updateConnection(tx, connection.id, {
      failingSince: null,
      lastFailureKind: null,
      waitsForPerson: false,
      retryAt: null,
    })
    await enqueueSync(tx, connection.id)
  })
}

/** The owner's yes to a removal that was too large to go without asking. */
export const releaseBrake = async (world: ChaosWorld) => {
  const connection = await connectionOf(world)
  if (connection?.lastFailureKind !== massDeletionKind) return
  await updateConnection(world.database.db, connection.id, { bulkDeletionApproved: true })
  await syncNow(world)
}

export const choose = async (world: ChaosWorld, calendarId: string): Promise<boolean> => {
  const store = storeOf(world, calendarId)
  const email = accountOf(world, calendarId)?.email ?? ''
  const role = store?.acl.get(email)
  // The table of calendars refuses all others.
  if (!store || store.deleted || (role !== 'owner' && role !== 'writer')) return false
  const before = (await connectionOf(world))?.calendarId
  if (before && before !== calendarId && !isReachable(world, before)) world.leftAlone.add(before)
  const chosen = await chooseCalendar(world.fixture.viewer, {
    id: calendarId,
    name: store.summary,
    timeZone: zone,
    access: role,
    primary: false,
    disabledBecause: null,
  })
  if (!chosen.ok) return false
  world.leftAlone.delete(calendarId)
  world.wanted = { ...world.wanted, calendarId }
  return true
}

const isReachable = (world: ChaosWorld, calendarId: string) => {
  const store = storeOf(world, calendarId)
  const role = store?.acl.get(accountOf(world, calendarId)?.email ?? '')
  return store?.deleted === false && (role === 'owner' || role === 'writer')
}

/** Through the whole flow: authorize at Google, come back, exchange, store. */
export const link = async (world: ChaosWorld, account: number): Promise<LinkOutcome> => {
  const { viewer } = world.fixture
  const ticket = newOAuthState(viewer)
  const url = authorizationUrl({
    redirectUri: callbackAddress(),
    scopes: linkScopes,
    state: ticket.state,
    codeChallenge: challengeOf(ticket.verifier),
    prompt: 'consent',
    offline: true,
  })
  const answer = await control(world.google.url, 'authorize', {
    body: { url, email: world.accounts[account]?.email },
  })
  const back = new URL((answer as { location: string }).location).searchParams
  const returned = { code: back.get('code'), state: back.get('state'), error: back.get('error') }
  return (await finishLink(viewer, ticket, returned)).outcome
}

const linkAnew = async (world: ChaosWorld, to: { account: number; calendar: number }) => {
  if ((await link(world, to.account)) !== 'linked') return
  const same = to.account === world.wanted.account && to.calendar > 0
  const calendarIds = world.accounts[to.account]?.calendarIds ?? []
  const calendarId = same ? world.wanted.calendarId : (pick(calendarIds, to.calendar) ?? '')
  world.wanted = { account: to.account, calendarId }
  await choose(world, calendarId)
}

const share = (
  world: ChaosWorld,
  command: Extract<OwnerCommand, { do: 'share' | 'unshare' | 'delete-calendar' }>,
): void => {
  const { person } = world.google
  const { account } = world.wanted
  const { email = '', calendarIds = [] } = world.accounts[account] ?? {}
  const calendarId = pick(calendarIds, command.calendar) ?? ''
  if (storeOf(world, calendarId)?.deleted !== false) return
  // Copies that wait to leave a calendar stay there when it is out of reach.
  if (command.do !== 'share' || command.role !== 'owner') world.leftAlone.add(calendarId)
  if (command.do === 'share') person.setAccess({ calendarId, email, role: command.role })
  else if (command.do === 'unshare') person.unshare({ calendarId, email })
  else if (calendarId !== email) person.deleteCalendar({ email, calendarId })
}
