import { findCalendar } from './calendar/access.ts'
import { holdReads, type LaggingRead, releaseReads } from './calendar/lists/lag.ts'
import { renderEvent } from './calendar/resource.ts'
import { expireSyncTokens } from './calendar/sync-token.ts'
import { withMasterStatus } from './calendar/target.ts'
import { readFault } from './faults/read-fault.ts'
import { type Context, json, type Reply, type Route } from './http.ts'
import type { OAuthClient } from './model.ts'
import { answerConsent } from './oauth/authorize.ts'
import type { Person } from './person/person.ts'
import type { Switches } from './switches.ts'
import { emptyState, type World } from './world.ts'

export type Seeds = Record<string, (person: Person, world: World) => void | Promise<void>>

/** `operations` are the names that a fault can match. */
type Setup = { seeds: Seeds; clients: OAuthClient[]; operations: string[] }

/** The control API for tests. It does not exist at Google, and its requests are not logged. */
export function controlRoutes(setup: Setup): Route[] {
  return [
    post('reset', (context, body: { seed?: string }) => reset(context, { setup, seed: body.seed ?? 'empty' })),
    post('person/:verb', actAsPerson),
    get('events', listStored),
    get('channels', ({ world }) => [...world.state.channels.values()]),
    post('faults', ({ world }, body: unknown) => {
      world.faults.push(...[body].flat().map((fault) => readFault(fault, setup.operations)))
      return world.faults
    }),
    get('faults', ({ world }) => world.faults),
    remove('faults', ({ world }) => {
      world.faults = []
    }),
    get('held-reads', ({ world }) => world.heldReads),
    post('held-reads', ({ world }, { reads }: { reads?: LaggingRead[] }) => holdReads(world, readKinds(reads))),
    remove('held-reads', ({ world }) => releaseReads(world)),
    get('clock', readClock),
    post('clock', (context, body: { advanceMs?: number; advanceSeconds?: number }) => {
      context.world.state.clockOffset += (body.advanceMs ?? 0) + (body.advanceSeconds ?? 0) * 1000
      return readClock(context)
    }),
    get('switches', ({ world }) => world.state.switches),
    post('switches', setSwitches),
    post('expire-sync-tokens', expireTokens),
    post('tokens', deleteTokens),
    post('clients', registerClient),
    get('clients', ({ world }) => [...world.state.oauth.clients.values()]),
    post('authorize', authorizeAs),
    get('log', ({ world, query }) => world.log.since(Number(query.get('since') ?? 0))),
    remove('log', ({ world }) => world.log.clear()),
  ]
}

function post<Body>(path: string, act: (context: Context, body: Body) => unknown): Route {
  return control('POST', path, (context) => act(context, JSON.parse(context.body.toString() || '{}') as Body))
}

function get(path: string, read: (context: Context) => unknown): Route {
  return control('GET', path, read)
}

function remove(path: string, act: (context: Context) => unknown): Route {
  return control('DELETE', path, act)
}

function control(method: string, path: string, act: (context: Context) => unknown): Route {
  return {
    method,
    path: `/_control/${path}`,
    async handle(context): Promise<Reply> {
      try {
        return json((await act(context)) ?? { ok: true })
      } catch (error) {
        return json({ error: error instanceof Error ? error.message : String(error) }, 400)
      }
    },
  }
}

async function reset({ world, person }: Context, { setup, seed }: { setup: Setup; seed: string }): Promise<void> {
  const fill = setup.seeds[seed]
  if (!fill && seed !== 'empty')
    throw new Error(`There is no seed ${seed}. Use one of: empty, ${Object.keys(setup.seeds).join(', ')}.`)
  const { clients } = world.state.oauth
  world.state = emptyState([...clients.values()])
  world.faults = []
  world.heldReads = {}
  world.log.clear()
  await fill?.(person, world)
  world.notify({})
}

async function actAsPerson({ person, params }: Context, body: unknown): Promise<unknown> {
  const verb = params.verb as keyof Person
  if (!Object.hasOwn(person, verb))
    throw new Error(`A person cannot ${verb}. Use one of: ${Object.keys(person).join(', ')}.`)
  const act = person[verb] as (argument: unknown) => unknown
  return act(verb === 'calendars' ? (body as { email: string }).email : body)
}

/** Stored events with `createdByClient`; `deleted=true` includes deleted ones. */
function listStored({ world, query }: Context): unknown {
  const email = query.get('email') ?? ''
  const id = query.get('calendarId') ?? 'primary'
  const calendar = findCalendar(world, id === 'primary' ? email : id)
  if (!calendar) throw new Error(`There is no calendar ${id}.`)
  return [...calendar.events.values()]
    .map((event) => withMasterStatus(event, calendar.events.get(event.masterId ?? '')))
    .filter((event) => query.get('deleted') === 'true' || event.status !== 'cancelled' || event.masterId)
    .map((event) => ({
      ...renderEvent(event, { world, calendar, role: 'owner', deletedDetails: true }),
      createdByClient: event.createdByClient,
    }))
}

function readKinds(reads: LaggingRead[] = ['list', 'get']): LaggingRead[] {
  const unknown = reads.find((read) => read !== 'list' && read !== 'get')
  if (unknown) throw new Error(`There is no kind of read ${unknown}. Use list, get or both.`)
  return reads
}

function readClock({ world }: Context) {
  return { now: new Date(world.now()).toISOString(), offsetMs: world.state.clockOffset }
}

function setSwitches({ world }: Context, changes: Partial<Switches>): Switches {
  const unknown = Object.keys(changes).find((name) => !(name in world.state.switches))
  if (unknown)
    throw new Error(`There is no switch ${unknown}. Use one of: ${Object.keys(world.state.switches).join(', ')}.`)
  Object.assign(world.state.switches, changes)
  world.touch()
  return world.state.switches
}

function expireTokens({ world }: Context, { calendarId }: { calendarId?: string }): void {
  for (const calendar of world.state.calendars.values()) {
    if (!calendarId || calendar.id === calendarId) expireSyncTokens(world, calendar)
  }
}

/** Invalidates the tokens of one account, or of all, without revoking access. */
function deleteTokens({ world }: Context, { email, kind }: { email?: string; kind: 'access' | 'refresh' }): void {
  const { accessTokens, refreshTokens } = world.state.oauth
  const tokens: Map<string, { email: string }> = kind === 'refresh' ? refreshTokens : accessTokens
  for (const [value, token] of tokens) if (!email || token.email === email) tokens.delete(value)
  world.touch()
}

function registerClient({ world }: Context, given: Partial<OAuthClient>): OAuthClient {
  if (!given.id || !given.secret) throw new Error('A client needs an id and a secret.')
  const known = world.state.oauth.clients.get(given.id)
  const client: OAuthClient = {
    redirectUris: [],
    project: given.id,
    publishing: 'production',
    testUsers: [],
    ...known,
    ...given,
    id: given.id,
    secret: given.secret,
  }
  world.state.oauth.clients.set(client.id, client)
  world.touch()
  return client
}

/**
 * Submits the consent page without a browser: `allow` is `all`, `none` (Cancel) or the scopes to
 * tick.
 */
async function authorizeAs(
  context: Context,
  { url, email, allow = 'all' }: { url: string; email: string; allow?: 'all' | 'none' | string[] },
): Promise<{ location: string }> {
  const { searchParams } = new URL(url)
  const scopes = allow === 'all' ? (searchParams.get('scope') ?? '').split(' ') : allow === 'none' ? [] : allow
  const form = new URLSearchParams({ email, answer: allow === 'none' ? 'cancel' : 'allow' })
  for (const scope of scopes) form.append('scope', scope)
  const reply = answerConsent({
    ...context,
    query: searchParams,
    body: Buffer.from(form.toString()),
    logFields: {},
  })
  const location = reply.headers?.location
  if (!location) throw new Error(`Google would show an error page with status ${reply.status}.`)
  return { location }
}
