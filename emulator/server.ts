import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { batchRoute } from './batch/batch.ts'
import { errorReply } from './calendar/errors.ts'
import { calendarRoutes } from './calendar/routes.ts'
import { controlRoutes, type Seeds } from './control.ts'
import { eventLinkRoute } from './event-link.ts'
import { type Context, createRouter, html, isLogged, methodOf, type Reply, type Route, readBody, send } from './http.ts'
import type { LogEntry } from './log.ts'
import type { OAuthClient } from './model.ts'
import { startNotifying } from './notifications/notify.ts'
import { oauthRoutes } from './oauth/routes.ts'
import { createPerson } from './person/create-person.ts'
import type { Person } from './person/person.ts'
import { answerLogged } from './serve.ts'
import { readState, saveState } from './state-file.ts'
import { createWorld, DEFAULT_CLIENT, emptyState, type World } from './world.ts'

export type GoogleOptions = {
  /** 0 = any free port. */
  port?: number
  host?: string
  /** File that keeps the state across restarts; without it the state is only in memory. */
  file?: string
  /** Fills a new world; not called if the file already contains one. */
  seed?: (person: Person, world: World) => void | Promise<void>
  /** Further seeds for `POST /_control/reset`. */
  seeds?: Seeds
  clients?: OAuthClient[]
  /** Routes of the HTML pages. */
  pages?: Route[]
}

export type Google = { url: string; world: World; person: Person; stop(): Promise<void> }

/** Resolves when the server listens; `stop` writes the state and closes all connections. */
export async function startGoogle(options: GoogleOptions = {}): Promise<Google> {
  const { port = 0, host = '127.0.0.1', clients = [DEFAULT_CLIENT] } = options
  const saved = options.file ? readState(options.file) : undefined
  const world = createWorld({ state: saved ?? emptyState(clients) })
  for (const client of clients) world.state.oauth.clients.set(client.id, client)
  const person = createPerson(world)
  // Longer than any client keeps an idle connection open, so that no request meets a closed one.
  const server = createServer({ keepAliveTimeout: 120_000 })
  await listen(server, { port, host })
  world.origin = `http://${host === '0.0.0.0' ? 'localhost' : host}:${(server.address() as AddressInfo).port}`
  if (!saved) await options.seed?.(person, world)
  const stopSaving = options.file ? saveState(world, options.file) : undefined
  const stopNotifying = startNotifying(world)
  const seeds: Seeds = { ...options.seeds, ...(options.seed && { samples: options.seed }) }
  const googleRoutes = [...oauthRoutes, ...calendarRoutes, batchRoute]
  const operations = googleRoutes.flatMap(({ operation }) => operation ?? [])
  const routes = [
    ...controlRoutes({ seeds, clients, operations }),
    ...googleRoutes,
    eventLinkRoute,
    ...(options.pages ?? []),
  ]
  const find = createRouter(routes)
  server.on('request', (raw, res) => void serve({ raw, res, world, person, find }))
  return {
    url: world.origin,
    world,
    person,
    async stop() {
      stopNotifying()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await stopSaving?.()
    },
  }
}

function listen(server: Server, { port, host }: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

type Serving = {
  raw: IncomingMessage
  res: ServerResponse
  world: World
  person: Person
  find: ReturnType<typeof createRouter>
}

async function serve({ raw, res, world, person, find }: Serving): Promise<void> {
  const method = methodOf(raw.method ?? 'GET', raw.headers)
  const url = new URL(raw.url ?? '/', world.origin)
  const match = find(method === 'HEAD' ? 'GET' : method, url.pathname)
  try {
    const body = await readBody(raw)
    const logFields: Partial<LogEntry> = {}
    const { headers } = raw
    const context: Context = {
      method,
      url,
      params: match?.params ?? {},
      query: url.searchParams,
      headers,
      body,
      raw,
      res,
      world,
      person,
      logFields,
    }
    if (!match) await send(context, notFound(url.pathname))
    else if (isLogged(match.route)) await serveLogged(context, match.route)
    else await sendIfAny(context, await match.route.handle(context))
  } catch (error) {
    if (res.destroyed || raw.destroyed) return
    console.error(error)
    if (res.headersSent) res.destroy()
    else await send({ raw, res }, errorReply({ status: 500, reason: 'backendError' }))
  }
}

/** Serves a request to one of Google's endpoints. */
async function serveLogged(context: Context, route: Route & { operation: string }): Promise<void> {
  const reply = await answerLogged(context, route)
  context.res.setHeader('date', new Date(context.world.now()).toUTCString())
  if (reply === 'reset') context.raw.socket.destroy()
  else await sendIfAny(context, reply)
}

async function sendIfAny(context: Context, reply: Reply | undefined): Promise<void> {
  if (reply) await send(context, reply)
}

function notFound(path: string): Reply {
  if (path.startsWith('/calendar/v3/')) return errorReply({ status: 404, reason: 'notFound' })
  return html('<!doctype html><title>Not found</title><p>There is nothing at this address of the emulator.', 404)
}
