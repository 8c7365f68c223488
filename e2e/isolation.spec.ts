import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, type Fixtures, test } from './fixtures/fixtures.ts'
import { actions, changes, fields, target, type Walk } from './isolation/actions.ts'
import { type Route, routes } from './isolation/routes.ts'
import { type Action, type Answer, answerOf, builtActions, callAction } from './steps/actions.ts'
import { foundOther, type Other, type People, peopleOf, rowsOf, secret } from './steps/tenants.ts'

/**
 * Calls every action and route with another business's ids, as the owner of a neighbouring business
 * and as callers without access. An action or route that is missing in these lists fails the test.
 */

const request = async (url: string, { path, method }: { path: string; method?: string }, cookie?: string) => {
  const patience = new AbortController()
  const response = await fetch(`${url}${path}`, {
    method: method ?? 'GET',
    redirect: 'manual',
    headers: cookie ? { cookie } : {},
    signal: patience.signal,
  })
  const streams = response.headers.get('content-type')?.includes('event-stream')
  if (!streams) return answerOf(response)
  patience.abort()
  return { status: response.status, redirect: null, body: '', value: null }
}

const code = ({ value }: Answer) => (value as { code?: string } | null)?.code
const succeeded = ({ value }: Answer) => (value as { ok?: boolean } | null)?.ok === true
/** Pages redirect callers without access; streamed pages redirect in their body. */
const sentTo = ({ redirect, body }: Answer) =>
  redirect ?? body.match(/NEXT_REDIRECT;[a-z]+;([^;"]+)/)?.[1] ?? body.match(/url=(\/[^"]*)"/)?.[1] ?? null

test('action ids do not depend on the build', () => {
  const { encryptionKey } = JSON.parse(readFileSync('.next/server/server-reference-manifest.json', 'utf8'))
  expect(Buffer.from(encryptionKey, 'base64').toString()).toBe('names actions, and hides nothing')
})

test('the lists contain every action and every route', () => {
  const inSource = readdirSync('lib', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && /^'use server'/m.test(readFileSync(`lib/${file}`, 'utf8')))
    .flatMap((file) =>
      [...readFileSync(`lib/${file}`, 'utf8').matchAll(/^export const (\w+) = (?:async|\()/gm)].map(
        (match) => `${file.replace('/actions.ts', '')}#${match[1]}`,
      ),
    )
  expect(Object.keys(actions).sort()).toEqual(inSource.sort())
  expect([...builtActions().keys()].filter((name) => !(name in actions))).toEqual([])
  const inTree = readdirSync('app', { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    const [, folder = '', kind] = file.match(/^(.*?)\/?(page|route)\.tsx?$/) ?? []
    return kind ? [`${kind} /${folder.replace(/\([^)]+\)\/?/g, '')}`] : []
  })
  expect(Object.keys(routes).sort()).toEqual(inTree.sort())
  // No inline actions: they would send captured values through the browser (see next.config.ts).
  const marks = ['app', 'components', 'lib'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) =>
        [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/['"]use server['"]/g)].map(
          ({ index }) => `${folder}/${file}:${index}`,
        ),
      ),
  )
  expect(marks.filter((mark) => !/^lib\/[a-z]+(\/[a-z]+)?\/actions\.ts:0$/.test(mark))).toEqual([])
})

test.describe('isolation of businesses', () => {
  let other: Other
  let people: People
  let untouched: Record<string, string>
  test.beforeEach(async ({ app }) => {
    other = await foundOther(app.sql)
    people = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
    untouched = await rowsOf(app.sql, other.businessId)
  })
  test.afterEach(async ({ app }) => {
    expect(await rowsOf(app.sql, other.businessId)).toEqual(untouched)
  })

  test('every action refuses ids of another business', async ({ app }) => {
    test.slow()
    for (const [name, walk] of Object.entries(actions)) {
      // Some actions end sessions.
      people = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
      await test.step(name, () => checkAction(app, { name, walk, people, other }))
    }
  })

  test('every kind of appointment change refuses ids of another business', async ({ app }) => {
    const action = builtActions().get('appointments#changeAppointment') as Action
    for (const kind of changes) {
      const change = { kind, ...target(other), ...fields(other), fields: fields(other) }
      const answer = await callAction({ url: app.url, cookie: people.owner }, action, [change, { bookAnyway: true }])
      expect(succeeded(answer), kind).toBe(false)
      expect(answer.body).not.toContain(secret)
    }
    const own = { kind: 'create', id: randomUUID(), fields: fields(other) }
    expect(code(await callAction({ url: app.url, cookie: people.owner }, action, [own]))).toBe('invalid')
  })

  test('appointments cannot be assigned to members of another business', async ({ app }) => {
    const [tom] = await app.sql`select id from members where email = 'mia@harbourplumbing.example'`
    const action = builtActions().get('team#deactivateMember') as Action
    const order = { memberId: tom?.id, reassignTo: other.memberId, leaveClashing: true }
    expect(code(await callAction({ url: app.url, cookie: people.owner }, action, [order]))).toBe('not-found')
  })

  test('choosing a business of which one is no member has no effect', async ({ app }) => {
    const cookie = `${people.owner}; sophiie-business=${other.businessId}`
    const { body } = await request(app.url, { path: '/settings/business' }, cookie)
    expect(body).toContain('Harbour Plumbing')
    expect(body).not.toContain(secret)
  })

  test('every route refuses ids of another business', async ({ app }) => {
    test.slow()
    for (const [name, route] of Object.entries(routes))
      await test.step(name, () => checkRoute(app, { name, route, people, other }))
  })
})

type App = Fixtures['app']
type Tenants = { name: string; people: People; other: Other }

const checkAction = async (app: App, { name, walk, people, other }: Tenants & { walk: Walk }) => {
  const action = builtActions().get(name)
  // The build omits actions that no page uses, so they cannot be called.
  if (!action) return
  const as = (who: keyof People, args = walk.args(other)) =>
    callAction({ url: app.url, cookie: people[who] }, action, args)
  const asOwner = await as('owner')
  // The link of an invitation shows who invites.
  if (name !== 'team#acceptInvitation') expect(asOwner.body, name).not.toContain(secret)
  expect(asOwner.status, name).toBeLessThan(400)
  if (/switch|saveBusiness|change|deactivate|reactivate|revoke|delete|visits#/i.test(name) && !/preview/.test(name))
    expect(succeeded(asOwner), name).toBe(false)
  if (walk.for === 'anyone') {
    const { redirect, status } = await as('anonymous')
    expect(status, name).toBeLessThan(400)
    expect(redirect ?? '', name).not.toContain('evil')
    return
  }
  const before = await sampleRows(app)
  expect(await refusal(as, 'anonymous'), name).toBe('signed-out')
  if (walk.for !== 'person') expect(await refusal(as, 'removed'), name).toBe('signed-out')
  if (walk.for === 'owner') expect(code(await as('staff')), name).toBe('forbidden')
  expect(await sampleRows(app), name).toEqual(before)
}

const checkRoute = async (app: App, { name, route, people, other }: Tenants & { route: Route }) => {
  if (route.for === 'key') return checkKeyRoute(app, { name, route, people, other })
  const as = (who: keyof People) => request(app.url, { path: route.path(other), method: route.method }, people[who])
  const asOwner = await as('owner')
  // The response may repeat a name from the request, and nothing else of the other business.
  if (!name.includes('customers')) expect(asOwner.body, name).not.toContain(secret)
  else expect(asOwner.value ?? JSON.parse(asOwner.body)).toEqual({ customers: [] })
  expect(asOwner.status, name).toBeLessThan(route.for === 'machine' ? 402 : 400)
  if (route.for === 'anyone') return
  if (route.for === 'machine') return expect(asOwner.status, name).toBe(401)
  // Visits to link an account are answered with a page.
  const api = name.startsWith('route /api') && !/google\/(?:link|callback)/.test(name)
  for (const who of ['anonymous', 'removed'] as const) {
    if (route.for === 'person' && who === 'removed') continue
    const answer = await as(who)
    if (api) expect(answer.status, `${name} as ${who}`).toBe(401)
    else expect(sentTo(answer), `${name} as ${who}`).toMatch(/sign-in|welcome|link=expired|\/calendar$/)
    expect(answer.body, `${name} as ${who}`).not.toContain(secret)
  }
  if (route.for !== 'owner') return
  const answer = await as('staff')
  if (api) expect(answer.status, name).toBe(403)
  else
    expect(sentTo(answer), name).toMatch(/^(http:\/\/localhost:\d+)?\/(calendar|settings\/calendar\?link=owner-only)/)
}

const allScopes = [
  'availability:read',
  'appointments:read',
  'appointments:write',
  'appointments:cancel',
  'customers:read',
]

/** A session is no key; with a key of the sample business, the other's ids are not found. */
const checkKeyRoute = async (app: App, { name, route, people, other }: Tenants & { route: Route }) => {
  const missing = name.includes('[...path]')
  for (const cookie of [people.owner, undefined]) {
    const answer = await request(app.url, { path: route.path(other), method: route.method }, cookie)
    expect(answer.status, name).toBe(missing ? 404 : 401)
  }
  const [row] = await app.sql`
    select b.id as business, m.id as member from businesses b join members m on m.business_id = b.id
    where b.name = 'Harbour Plumbing' and m.role = 'owner'`
  // Its messages have a form of their own: lib/receptionist/agent/ has the walk of all tools.
  if (name.includes('mcp')) return
  const secretOfKey = `sk_live_${randomBytes(32).toString('base64url')}`
  await app.sql`
    insert into api_keys (business_id, name, secret_hash, hint, scopes, created_by)
    values (${row?.business}, 'Walk', sha256(${Buffer.from(secretOfKey)}), 'sk_live_…', ${allScopes}, ${row?.member})`
  const answers = await askWith(app.url, secretOfKey, { route, other })
  for (const { status, body } of answers) {
    expect(body, name).not.toContain(secret)
    expect(status, `${name}: ${body}`).toBeLessThan(500)
    if (/\[id|\[\.|slots/.test(name)) expect(status, `${name}: ${body}`).toBe(404)
  }
  await app.sql`update api_keys set revoked_at = now() where name = 'Walk'`
  // The walk asks more often with an unknown key than a network may.
  await app.sql`delete from rate_limits`
  if (missing) return
  for (const { status } of await askWith(app.url, secretOfKey, { route, other })) expect(status, name).toBe(401)
}

const wholeHour = (hours: number) => new Date((Math.floor(Date.now() / 3_600_000) + hours) * 3_600_000).toISOString()

/** Bodies that name the other business's ids; each route takes what it knows. */
const bodiesOf = (other: Other) => [
  { hold: other.holdId, customer: { name: 'x', phone: '0412345678' } },
  { start: wholeHour(30), service: other.serviceId },
  { phone: '0412345678', wish: 'x', service: other.serviceId },
  { proof: { surname: 'x' } },
  { seconds: 60 },
  { notes: 'x' },
  { phone: '0412345678' },
  {},
]

const askWith = async (url: string, key: string, { route, other }: { route: Route; other: Other }) => {
  const bodies = route.method ? bodiesOf(other) : [undefined]
  const methods = route.method === 'PATCH' ? ['PATCH', 'DELETE'] : [route.method ?? 'GET']
  const answers: { status: number; body: string }[] = []
  for (const method of methods)
    for (const body of bodies) {
      const response = await fetch(`${url}${route.path(other)}`, {
        method,
        headers: {
          ...{ authorization: `Bearer ${key}`, 'idempotency-key': randomUUID(), 'if-match': '"1"' },
          'content-type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      answers.push({ status: response.status, body: await response.text() })
    }
  // A body of another route is invalid; what remains was looked for.
  const looked = answers.filter(({ status }) => status !== 400)
  expect(looked.length).toBeGreaterThan(0)
  return looked
}

const refusal = async (as: (who: keyof People) => Promise<Answer>, who: keyof People) => {
  const answer = await as(who)
  return (
    code(answer) ?? (/\/sign-in/.test(answer.redirect ?? '') ? 'signed-out' : `${answer.status} ${answer.redirect}`)
  )
}

const sampleRows = async ({ sql }: { sql: Parameters<typeof rowsOf>[0] }) => {
  const [business] = await sql`select id from businesses where name = 'Harbour Plumbing'`
  return rowsOf(sql, String(business?.id))
}
