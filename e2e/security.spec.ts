import { expect, test } from './fixtures.ts'
import { owner } from './steps.ts'
import { type Action, builtActions, callAction, formOf } from './steps-actions.ts'
import { peopleOf } from './steps-tenants.ts'

test('a planted inline script does not run, nor does a handler in an attribute', async ({
  page,
  app,
  signInAs,
  allowConsole,
}) => {
  allowConsole(/Content Security Policy/, /Failed to load resource/)
  await signInAs(page, owner)
  await page.route('**/settings/calendar', async (route) => {
    const response = await route.fetch()
    const planted =
      '<script>window.planted = 1</script><img src="/nothing" onerror="window.planted = 2"><a id="lure" href="javascript:window.planted=3">x</a>'
    await route.fulfill({ response, body: (await response.text()).replace('</body>', `${planted}</body>`) })
  })
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  await page.goto(`${app.url}/settings/calendar`)
  await page.evaluate(() => document.getElementById('lure')?.click())
  await expect
    .poll(() => said.filter((text) => text.includes('Content Security Policy')).length)
    .toBeGreaterThan(2)
  expect(await page.evaluate(() => (window as { planted?: number }).planted)).toBeUndefined()
  // The page's own scripts do.
  await page.getByRole('button', { name: 'Link Calendar' }).click()
  await expect(page.getByRole('menuitem', { name: 'Connect to Google' })).toBeFocused()
})

test('headers on pages, routes and refusals', async ({ app }) => {
  for (const path of ['/sign-in', '/calendar', '/api/health', '/api/calendar', '/nowhere']) {
    const response = await fetch(`${app.url}${path}`, { redirect: 'manual' })
    const { headers } = response
    expect(headers.get('content-security-policy'), path).toMatch(
      /script-src 'self' 'nonce-[0-9a-f]{32}' 'strict-dynamic'/,
    )
    expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('referrer-policy'), path).toBe('same-origin')
    expect(headers.get('x-powered-by'), path).toBeNull()
    await response.body?.cancel()
  }
  const nonces = await Promise.all(
    [1, 2].map(async () => (await fetch(`${app.url}/sign-in`)).headers.get('content-security-policy')),
  )
  expect(nonces[0]).not.toBe(nonces[1])
})

test('cookies are out of reach of scripts and of other sites', async ({ page, app, signInAs }) => {
  await signInAs(page, owner)
  const cookies = await page.context().cookies(app.url)
  const session = cookies.find(({ name }) => name.endsWith('session-token'))
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
  expect(await page.evaluate(() => document.cookie)).not.toContain('session-token')
})

test('an action asked for by another site does nothing', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const action = builtActions().get('business#saveBusiness') as Action
  const [business] = await app.sql`select id from businesses`
  const args = [{ businessId: business?.id, changes: { name: 'Taken' } }]
  const answer = await callAction({ url: app.url, cookie, origin: 'https://evil.example' }, action, args)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect((await app.sql`select name from businesses`)[0]?.name).toBe('Harbour Plumbing')
  expect((await callAction({ url: app.url, cookie }, action, args)).value).toMatchObject({ ok: true })
})

test('bodies that are too long are refused unread', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const long = 'x'.repeat(3_000_000)
  const action = builtActions().get('business#saveBusiness') as Action
  expect((await callAction({ url: app.url, cookie }, action, [{ changes: { name: long } }])).status).toBe(413)
  const form = await fetch(`${app.url}/api/auth/signin/google`, {
    method: 'POST',
    body: new URLSearchParams({ csrfToken: long }),
  })
  expect(form.status).toBe(413)
  const ring = await fetch(`${app.url}/api/google/webhook`, { method: 'POST', body: long })
  expect(ring.status).toBe(413)
})

test('redirects lead to own paths alone', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const signedIn = (path: string) =>
    fetch(`${app.url}${path}`, { redirect: 'manual', headers: { cookie: cookie ?? '' } })
  for (const wanted of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    const response = await signedIn(`/sign-in?callbackUrl=${encodeURIComponent(wanted)}`)
    const body = await response.text()
    const target = response.headers.get('location') ?? body.match(/NEXT_REDIRECT;[a-z]+;([^;"]+)/)?.[1] ?? ''
    expect(target, wanted).toMatch(/^(http:\/\/localhost:\d+)?\/calendar$|^(http:\/\/localhost:\d+)?\/$/)
  }
  const leave = builtActions().get('auth#signOutTo') as Action
  const answer = await callAction({ url: app.url, cookie }, leave, [formOf({ path: '//evil.example' })])
  expect(answer.redirect).toBe('/calendar')
})
