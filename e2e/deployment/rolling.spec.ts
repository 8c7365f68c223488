import { setTimeout as pause } from 'node:timers/promises'
import { changesChannel } from '#lib/live/publish.ts'
import { findCaddy, readProxy, startCaddy } from '../fixtures/caddy.ts'
import { expect, test } from '../fixtures/fixtures.ts'
import { peopleOf } from '../steps/tenants.ts'

// A rolling update as in docs/deploy.md: one server after the other is stopped and started again.
test.use({ mode: 'rolling' })
// Sequential: all tests share one set of processes.
test.describe.configure({ mode: 'default' })

test.skip(!findCaddy(), 'Caddy is not installed (apt-get install caddy): nothing is shown about its file here.')

test('a rolling restart behind Caddy fails no request', async ({ app }) => {
  test.slow()
  const { owner } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const caddy = await startCaddy(app.ports)
  const responses: Record<string, number> = {}
  let rolling = true
  const visit = async (path: string, init: RequestInit = {}) => {
    let cookie = owner ?? ''
    const send = async () => {
      const response = await fetch(`${caddy.url}${path}`, {
        redirect: 'manual',
        headers: { cookie },
        ...init,
      })
      await response.text()
      const pinned = response.headers.getSetCookie().find((line) => line.startsWith('sophiie-server='))
      if (pinned) cookie = `${owner}; ${pinned.split(';')[0]}`
      return response.status
    }
    while (rolling) {
      const status = await send().catch(() => 'none')
      const key = `${init.method ?? 'GET'} ${path.replace(/\?.*/, '')} ${status}`
      responses[key] = (responses[key] ?? 0) + 1
    }
  }
  const visitors = [
    visit('/help/google-calendar'),
    visit('/calendar'),
    visit('/api/calendar?from=2027-01-01&to=2027-01-08'),
    visit('/api/google/webhook', { method: 'POST' }),
  ]
  await app.restart(0)
  // Like docs/deploy.md, waits until Caddy has seen that the server is back.
  await pause(5000)
  await app.restart(1)
  rolling = false
  await Promise.all(visitors)
  await caddy.stop()
  expect(Object.keys(responses).sort()).toEqual([
    'GET /api/calendar 200',
    'GET /calendar 200',
    'GET /help/google-calendar 200',
    'POST /api/google/webhook 200',
  ])
})

test('deploy/Caddyfile for containers has the same proxy settings', async () => {
  const [host, containers] = await Promise.all([readProxy('Caddyfile.host'), readProxy('Caddyfile')])
  expect(containers.servers).toEqual(['app:3000', 'spare:3000'])
  expect(containers.rest).toEqual(host.rest)
})

test('Caddy does not buffer the event stream, even with compression', async ({ app }) => {
  const { owner } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const caddy = await startCaddy(app.ports)
  const patience = new AbortController()
  const headers = { cookie: owner ?? '', 'accept-encoding': 'gzip, zstd' }
  const { body } = await fetch(`${caddy.url}/api/live`, { headers, signal: patience.signal })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader?.read())?.value
  expect(await next()).toContain('event: ready')
  await app.sql`select pg_notify(${changesChannel}, id::text) from businesses`
  expect(await next()).toContain('event: change')
  patience.abort()
  await caddy.stop()
})
