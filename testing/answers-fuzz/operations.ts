import { randomUUID } from 'node:crypto'
import { insertRevocation } from '#db/queries/sync/revocations.ts'
import { listCalendars } from '#lib/connection/choices.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { revoke } from '#lib/jobs/revoke.ts'
import { addGrant, issueRefreshToken } from '../../emulator/oauth/grants.ts'
import { DEFAULT_CLIENT } from '../../emulator/world.ts'
import { passTime } from '../chaos/environment.ts'
import { inGoogle } from '../chaos/google.ts'
import { calendarOf, type Model } from '../chaos/model.ts'
import { link } from '../chaos/owner.ts'
import { inSophiie } from '../chaos/sophiie.ts'
import { batchAskings } from './batch-operations.ts'
import { type Asking, changeCalendar, slotOf } from './prepare.ts'
import { oauthRefusal, refusalOf, retryRefused } from './refusals.ts'

/** What makes the product ask Google for an answer of each kind. */

const forgetSyncToken = async ({ database: { sql }, fixture }: Model) => {
  await sql`update synced_calendars set sync_token = null where business_id = ${fixture.businessId}`
}

const forgetAccessToken = async ({ database: { sql }, fixture }: Model) => {
  await sql`update google_accounts set access_token = null where business_id = ${fixture.businessId}`
}

const retitle = (model: Model) =>
  inGoogle(model, {
    do: 'change-mapped',
    which: model.serial,
    fields: ['title'],
    slot: slotOf(model),
    allDay: false,
  })

const edit = (model: Model) =>
  inSophiie(model, { do: 'edit', which: model.serial, fields: ['title', 'notes'], assignees: 0 })

const askForCalendars = async (model: Model) => {
  const calendar = await calendarOf(model)
  const { db } = model.database
  const answer = await listCalendars(calendarApi(tokenOf(db, calendar?.accountId ?? '')))
  const texts = answer.ok ? answer.data.flatMap(({ id, name, timeZone }) => [id, name, timeZone]) : []
  if (texts.some((text) => typeof text !== 'string' || !text.isWellFormed() || text.includes('\0')))
    throw new Error('A calendar has a field that is not storable text.')
}

const readFull = (model: Model) => forgetSyncToken(model)

/** Every channel is replaced at once, and the old one stopped. */
const endChannel = async ({ database: { sql }, fixture }: Model) => {
  await sql`update synced_calendars set channel_expires_at = null where business_id = ${fixture.businessId}`
}

/** The full read that comes next lacks an event of each side. */
const hideEvents = async (model: Model) => {
  await readFull(model)
  const isHidden = ({ id, extendedProperties }: Item, at: number, all: Item[]) =>
    all.findIndex((item) => Boolean(item.extendedProperties) === Boolean(extendedProperties)) === at && id !== undefined
  const rewrite = (answer: unknown) => {
    const { items, ...page } = answer as { items: Item[] }
    return { ...page, items: items.filter((item, at) => !isHidden(item, at, items)) }
  }
  model.fixture.injectFault('events.list', { kind: 'rewrite', rewrite, times: 1 })
}
type Item = { id?: string; extendedProperties?: object }

/** The full read that comes next has an event of people without its times: it is read by its id. */
const blurEvent = async (model: Model) => {
  await readFull(model)
  const which = model.serial++
  const rewrite = (answer: unknown) => {
    const { items, ...page } = answer as { items: Item[] }
    const theirs = items.filter(({ extendedProperties }) => !extendedProperties)
    const blurred = theirs[which % theirs.length]
    return { ...page, items: items.map((item) => (item === blurred ? { ...item, start: {}, end: {} } : item)) }
  }
  model.fixture.injectFault('events.list', { kind: 'rewrite', rewrite, times: 1 })
}

/** An insert succeeds without an answer; the next one is refused, and the event is read. */
const loseInsert = async (model: Model) => {
  await inSophiie(model, { do: 'book', slot: slotOf(model), assignees: model.serial })
  model.fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
  model.fixture.injectFault('events.list', { status: 503, times: 1 })
  await model.fixture.sync()
  await model.fixture.endBackoff()
}

/** Events of the old calendar await their removal, which is refused once. */
const postponeRemoval = async (model: Model) => {
  await changeCalendar(model)
  model.fixture.injectFault('events.delete', { status: 503 })
  await model.fixture.sync()
  model.google.world.faults.length = 0
  await passTime(model, 7)
  model.fixture.injectFault('events.delete', { status: 412, times: 3 })
}

/** Both sides have changed, so writes are refused and events are read. */
const changeBothSides = async (model: Model) => {
  retitle(model)
  await Promise.all([...model.booked].map(() => edit(model)))
}

const book = (model: Model) =>
  inSophiie(model, { do: 'book', slot: slotOf(model), assignees: model.serial, hasPlace: model.serial % 2 === 0 })

const cancel = (model: Model) => inSophiie(model, { do: 'cancel', which: model.serial })

/** An unlink of another account has left a grant to revoke. */
const revokeOther = async (model: Model) => {
  const { google, database, accounts, fixture } = model
  const email = accounts[1]?.email ?? ''
  const grant = { email, client: DEFAULT_CLIENT, scopes: linkScopes }
  addGrant(google.world, grant)
  const id = randomUUID()
  await database.db.transaction((tx) =>
    insertRevocation(tx, {
      id,
      businessId: fixture.businessId,
      googleSub: google.world.state.accounts.get(email)?.sub ?? '',
      refreshToken: sealToken(issueRefreshToken(google.world, grant).token, id),
      channels: [],
    }),
  )
  await revoke(database, id)
}

const expectRevoked = async ({ database, fixture, google, accounts }: Model) => {
  const rows = await database.sql<{ id: string }[]>`
    select id from google_revocations where business_id = ${fixture.businessId}`
  for (const { id } of rows) await revoke(database, id)
  const [left] = await database.sql`select id from google_revocations where business_id = ${fixture.businessId}`
  if (left) throw new Error('a revocation is left')
  const tokens = [...google.world.state.oauth.refreshTokens.values()]
  if (tokens.some(({ email }) => email === accounts[1]?.email)) throw new Error('a grant was not revoked')
}

export const askings = {
  ...batchAskings,
  'full list': { operation: 'events.list', prepare: readFull },
  'second page of a full list': {
    operation: 'events.list',
    prepare: async (model) => {
      await readFull(model)
      model.google.world.state.switches.itemsPerPage = 2 + (model.serial++ % 9)
    },
    finish: async ({ google }) => {
      google.world.state.switches.itemsPerPage = 0
    },
    after: 1,
  },
  'delta list': {
    operation: 'events.list',
    prepare: async (model) => {
      retitle(model)
      inGoogle(model, { do: 'change', which: model.serial, what: 'title', slot: slotOf(model) })
      inGoogle(model, {
        do: 'change-instance',
        which: model.serial,
        nth: 1,
        scope: 'this',
        slot: slotOf(model),
        retitle: true,
      })
    },
  },
  'get after a conflict': { operation: 'events.get', prepare: changeBothSides },
  'get of a missing event': { operation: 'events.get', prepare: hideEvents, claims: ['events.list'] },
  'get of an unreadable event': { operation: 'events.get', prepare: blurEvent, claims: ['events.list'] },
  'get of a taken id': { operation: 'events.get', prepare: loseInsert, runs: true },
  'get from the old calendar': { operation: 'events.get', prepare: changeCalendar },
  'get before a removal': { operation: 'events.get', prepare: postponeRemoval, runs: true, claims: ['events.delete'] },
  insert: { operation: 'events.insert', prepare: book },
  patch: { operation: 'events.patch', prepare: edit },
  delete: { operation: 'events.delete', prepare: cancel, hasNoBody: true },
  watch: { operation: 'events.watch', prepare: endChannel },
  stop: { operation: 'channels.stop', prepare: endChannel, hasNoBody: true },
  calendars: { operation: 'calendarList.list', ask: askForCalendars },
  refresh: { operation: 'oauth.token', prepare: forgetAccessToken },
  link: {
    operation: 'oauth.token',
    ask: async (model) => {
      await link(model, 0)
    },
  },
  certificates: {
    operation: 'oauth.certs',
    ask: async (model) => {
      await link(model, 0)
    },
  },
  revoke: { operation: 'oauth.revoke', ask: revokeOther, finish: expectRevoked },
  'list refused, token': { operation: 'events.list', refusal: refusalOf(401, 'authError') },
  'list refused, rate': { operation: 'events.list', refusal: refusalOf(403, 'userRateLimitExceeded') },
  'list refused, cursor': { operation: 'events.list', refusal: refusalOf(410, 'fullSyncRequired') },
  'get refused': {
    operation: 'events.get',
    prepare: changeBothSides,
    refusal: refusalOf(403, 'quotaExceeded'),
    finish: retryRefused,
  },
  'insert refused': {
    operation: 'events.insert',
    prepare: book,
    refusal: refusalOf(403, 'rateLimitExceeded'),
    finish: retryRefused,
  },
  'patch refused, rate': {
    operation: 'events.patch',
    prepare: edit,
    refusal: refusalOf(403, 'rateLimitExceeded'),
    finish: retryRefused,
  },
  'patch refused, version': { operation: 'events.patch', prepare: edit, refusal: refusalOf(412, 'conditionNotMet') },
  'delete refused': { operation: 'events.delete', prepare: cancel, refusal: refusalOf(429, 'rateLimitExceeded') },
  'watch refused': {
    operation: 'events.watch',
    prepare: endChannel,
    refusal: refusalOf(403, 'rateLimitExceeded'),
  },
  'refresh refused': {
    operation: 'oauth.token',
    prepare: forgetAccessToken,
    refusal: oauthRefusal,
  },
  'revoke refused': {
    operation: 'oauth.revoke',
    ask: revokeOther,
    finish: expectRevoked,
    refusal: oauthRefusal,
  },
} satisfies Record<string, Asking>

export type AskingName = keyof typeof askings
export const askingNames = Object.keys(askings) as AskingName[]
export const askingOf = (name: AskingName): Asking => askings[name]
