import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { type Context, html, json, type Reply, type Route, redirect } from '../http.ts'
import type { Account } from '../model.ts'
import type { World } from '../world.ts'
import { details, performAction } from './actions.ts'
import { connectedApps } from './connected-apps.ts'
import { accessPage, accountsPage, calendarPage, missingPage } from './html.ts'
import type { Action } from './types.ts'
import { weekView } from './week-view.ts'

/** The HTML pages (account list, week, third-party access) and the endpoints of the week page. */
export const pages: Route[] = [
  { method: 'GET', path: '/', handle: ({ person }) => html(accountsPage(person.accounts())) },
  { method: 'GET', path: '/calendar', handle: withAccount((_, account) => html(calendarPage(account))) },
  { method: 'GET', path: '/calendar/access', handle: withAccount(access) },
  { method: 'POST', path: '/calendar/access', handle: withAccount(removeAccess) },
  { method: 'GET', path: '/calendar/page/data/week', handle: withAccount(week) },
  { method: 'GET', path: '/calendar/page/data/event', handle: withAccount(event) },
  { method: 'POST', path: '/calendar/page/data/act', handle: withAccount(perform) },
  { method: 'GET', path: '/calendar/page/data/live', handle: withAccount(live) },
  { method: 'GET', path: '/calendar/page/:file', handle: asset },
]

type WithAccount = (context: Context, account: Account) => Reply | undefined

function withAccount(answer: WithAccount): Route['handle'] {
  return (context) => {
    const account = context.person.accounts().find(({ email }) => email === context.query.get('account'))
    return account ? answer(context, account) : html(missingPage(), 404)
  }
}

function access({ world }: Context, account: Account): Reply {
  return html(accessPage(account, connectedApps(world, account.email)))
}

function removeAccess({ person, body, query, headers }: Context, account: Account): Reply {
  if (isFromOtherSite(headers)) return json({ ok: false, reason: 'Requests from other sites are not allowed.' }, 403)
  const clientId = new URLSearchParams(body.toString()).get('client') ?? undefined
  person.revokeAccess({ email: account.email, clientId })
  return redirect(`/calendar/access?${query}`, 303)
}

function week({ person, query, world }: Context, account: Account): Reply {
  const date = query.get('week') ?? undefined
  const valid = date && isDate(date) ? date : undefined
  return fresh(weekView(person, { account, week: valid, now: Temporal.Instant.fromEpochMilliseconds(world.now()) }))
}

function isDate(text: string): boolean {
  try {
    return Boolean(Temporal.PlainDate.from(text))
  } catch {
    return false
  }
}

function event({ person, query }: Context, account: Account): Reply {
  const ref = { calendarId: query.get('calendar') ?? 'primary', eventId: query.get('event') ?? '' }
  try {
    return fresh(details(person, { account, ...ref }))
  } catch (error) {
    return json({ reason: error instanceof Error ? error.message : String(error) }, 404)
  }
}

function perform({ person, body, headers }: Context, account: Account): Reply {
  if (isFromOtherSite(headers)) return json({ ok: false, reason: 'Requests from other sites are not allowed.' }, 403)
  return fresh(performAction(person, { account, action: JSON.parse(body.toString()) as Action }))
}

/** Whether the request comes from another site (CSRF). */
function isFromOtherSite({ 'sec-fetch-site': site }: Context['headers']): boolean {
  return site === 'cross-site' || site === 'same-site'
}

function fresh(value: unknown): Reply {
  return json(value, 200, { 'cache-control': 'no-store' })
}

/**
 * Event stream with one message per change of the account's calendars; the page then reloads its
 * week.
 */
function live({ res, world }: Context, account: Account): undefined {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  res.write('retry: 1000\n\n')
  const unsubscribe = world.subscribe((change) => {
    const concerns = change.email === account.email || listed(world, { account, calendarId: change.calendarId })
    if (concerns) res.write(`data: ${JSON.stringify(change)}\n\n`)
  })
  res.on('close', unsubscribe)
}

function listed(world: World, { account, calendarId }: { account: Account; calendarId?: string }): boolean {
  return calendarId !== undefined && world.state.calendars.get(calendarId)?.listed.has(account.email) === true
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

async function asset({ params }: Context): Promise<Reply> {
  const file = params.file ?? ''
  const type = types[extname(file)]
  if (!type || !/^[a-z-]+\.[a-z]+$/.test(file)) return { status: 404 }
  try {
    const body = await readFile(new URL(`./client/${file}`, import.meta.url))
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-cache' }, body }
  } catch {
    return { status: 404 }
  }
}
