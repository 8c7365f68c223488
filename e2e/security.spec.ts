import { readFile } from 'node:fs/promises'
import { expect, readWhileSigningOut, test } from './fixtures/fixtures.ts'
import { type Action, builtActions, callAction, formOf, sessionCookie } from './steps/actions.ts'
import { book, enter, openCalendar, quietDay, zone } from './steps/calendar.ts'
import { allowAll, businessCalendar, goToConsent, owner, workCalendar } from './steps/steps.ts'
import { foundOther, peopleOf } from './steps/tenants.ts'

test('injected inline scripts and event handler attributes do not run', async ({ page, app, allowConsole }) => {
  allowConsole(/Content Security Policy/, /Failed to load resource/)
  await enter(page.context(), { app, email: owner })
  await page.route('**/settings/calendar', async (route) => {
    const response = await route.fetch()
    const planted =
      '<script>window.planted = 1</script><img src="/nothing" onerror="window.planted = 2"><a id="lure" href="javascript:window.planted=3">x</a>'
    await route.fulfill({ response, body: (await response.text()).replace('</body>', `${planted}</body>`) })
  })
  const messages: string[] = []
  page.on('console', (message) => messages.push(message.text()))
  await page.goto(`${app.url}/settings/calendar`)
  await page.evaluate(() => document.getElementById('lure')?.click())
  await expect.poll(() => messages.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThan(2)
  expect(await page.evaluate(() => (window as { planted?: number }).planted)).toBeUndefined()
  // The page's own scripts run.
  await businessCalendar(page).getByRole('button', { name: 'Link Calendar' }).click()
  await expect(page.getByRole('menuitem', { name: 'Connect to Google' })).toBeFocused()
})

test('a malformed escape in a path is no server error', async ({ app }) => {
  const get = (path: string) => fetch(`${app.url}${path}`, { redirect: 'manual' })
  const ofProgram = await get('/api/v1/appointments/%E0%A4%A')
  expect([ofProgram.status, ofProgram.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  expect(await ofProgram.json()).toMatchObject({ status: 400, code: 'invalid', say: expect.stringMatching(/\w/) })
  const ofPage = await get('/api/calendar/%E0%A4%A')
  expect([ofPage.status, await ofPage.json()]).toMatchObject([400, { code: 'invalid' }])
  for (const path of ['/%E0%A4%A', '/calendar/%zz']) {
    const response = await get(path)
    expect([response.status, response.headers.get('content-type')], path).toEqual([404, 'text/html; charset=utf-8'])
    expect(await response.text()).toContain('Page not found')
  }
  for (const path of ['/_next/static/%E0%A4%A', '/_next/image/%E0%A4%A'])
    expect((await get(path)).status, path).toBeLessThan(500)
})

test('pages, routes and refusals send security headers', async ({ app }) => {
  for (const path of ['/sign-in', '/calendar', '/api/health', '/api/calendar', '/nowhere', '/favicon.icoX']) {
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

test('cookies are HttpOnly and SameSite', async ({ page, app, signInAs }) => {
  await signInAs(page, owner)
  const cookies = await page.context().cookies(app.url)
  const session = cookies.find(({ name }) => name.endsWith('session-token'))
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
  expect(await page.evaluate(() => document.cookie)).not.toContain('session-token')
})

test('a copied session token is refused after signing out', async ({ page, app, signInAs, allowConsole }) => {
  allowConsole(readWhileSigningOut)
  await signInAs(page, owner)
  const cookies = await page.context().cookies(app.url)
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const range = `${app.url}/api/calendar?from=2026-01-01&to=2026-02-01`
  expect((await fetch(range, { headers: { cookie } })).status).toBe(200)
  await page.goto(`${app.url}/calendar`)
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await page.waitForURL(`${app.url}/sign-in**`)
  expect((await fetch(range, { headers: { cookie } })).status).toBe(401)
  const session = await fetch(`${app.url}/api/auth/session`, { headers: { cookie } })
  expect(await session.json()).toEqual({})
  expect(session.headers.getSetCookie().filter((one) => one.includes('session-token'))).toEqual([])
})

test('text that a database cannot hold is no server error in a query or a cookie', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const as = (given: string) => ({ headers: { cookie: `${cookie}${given}` } })
  const query = `${app.url}/api/calendar/customers?name=x%00`
  expect((await fetch(query, as(''))).status).toBe(200)
  expect((await fetch(query, as('; sophiie-business=x%00'))).status).toBe(200)
  expect((await fetch(`${app.url}/api/auth/_log`, { method: 'POST', body: 'code=x' })).status).toBe(404)
})

test('a line break in a request does not forge a line of the log', async ({ app }) => {
  const forged = '{"at":"2027-01-01T00:00:00.000Z","level":"error","event":"forged.line"}'
  const text = encodeURIComponent(`a\n${forged}\0`)
  const readLogs = () => Promise.all(app.logFiles.map((file) => readFile(file, 'utf8')))
  const before = await readLogs()
  const logged = async () => (await readLogs()).map((log, at) => log.slice(before[at]?.length)).join('')
  for (const path of ['/sign-in?error=', '/api/auth/error?error=', '/api/google/callback?state=', '/calendar?date='])
    expect((await fetch(`${app.url}${path}${text}`, { redirect: 'manual' })).status, path).toBeLessThan(500)
  await fetch(`${app.url}/api/auth/_log`, { method: 'POST', body: `code=${text}&message=${text}` })
  expect((await fetch(`${app.url}/api/calendar/customers?name=${text}`)).status).toBe(401)
  // The lines of the requests before it are written by then.
  await expect.poll(logged).toMatch(/"route":"\/api\/calendar\/customers","status":401/)
  expect(await logged()).not.toContain('forged')
})

test('an action called from another site does nothing', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const action = builtActions().get('business#saveBusiness') as Action
  const [business] = await app.sql`select id from businesses`
  const args = [{ businessId: business?.id, changes: { name: 'Taken' } }]
  const answer = await callAction({ url: app.url, cookie, origin: 'https://evil.example' }, action, args)
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect((await app.sql`select name from businesses`)[0]?.name).toBe('Harbour Plumbing')
  expect((await callAction({ url: app.url, cookie }, action, args)).value).toMatchObject({ ok: true })
})

test('bodies that are too long are refused', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const long = 'x'.repeat(3_000_000)
  const action = builtActions().get('business#saveBusiness') as Action
  expect((await callAction({ url: app.url, cookie }, action, [{ changes: { name: long } }])).status).toBe(413)
  const form = await fetch(`${app.url}/api/auth/signin/google`, {
    method: 'POST',
    body: new URLSearchParams({ csrfToken: long }),
  })
  expect(form.status).toBe(413)
  const notification = await fetch(`${app.url}/api/google/webhook`, { method: 'POST', body: long })
  expect(notification.status).toBe(413)
})

test('redirects lead to paths of this site only', async ({ app }) => {
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

test('cross-site requests are refused, with any combination of origin headers', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const action = builtActions().get('business#saveBusiness') as Action
  const [business] = await app.sql`select id from businesses`
  const body = JSON.stringify([{ businessId: business?.id, changes: { name: 'Taken' } }])
  const own = { 'next-action': action.id, 'content-type': 'text/plain', cookie: cookie ?? '' }
  const disguises: Record<string, string>[] = [
    { origin: 'null' },
    { origin: app.url, 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example', 'x-forwarded-host': 'localhost' },
  ]
  for (const hidden of disguises) {
    const answer = await fetch(`${app.url}${action.page}`, {
      method: 'POST',
      headers: { ...own, ...hidden },
      body,
    })
    expect(answer.status, JSON.stringify(hidden)).toBeGreaterThanOrEqual(400)
  }
  expect((await app.sql`select name from businesses`)[0]?.name).toBe('Harbour Plumbing')
})

test('bodies without a content length have the same limits', async ({ app }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const action = builtActions().get('business#saveBusiness') as Action
  const send = async (path: string, headers: Record<string, string>) => {
    let sent = 0
    const body = new ReadableStream({
      pull: (stream) => {
        if (sent++ < 400) stream.enqueue(new Uint8Array(50_000).fill(120))
        else stream.close()
      },
    })
    const init: object = { method: 'POST', headers, body, duplex: 'half', redirect: 'manual' }
    // The server may close the connection instead of answering.
    return fetch(`${app.url}${path}`, init).then(
      ({ status }) => status,
      () => 413,
    )
  }
  const call = {
    'next-action': action.id,
    'content-type': 'text/plain',
    origin: app.url,
    cookie: cookie ?? '',
  }
  expect(await send(action.page, call)).toBeGreaterThanOrEqual(400)
  expect(await send('/api/auth/signin/google', {})).toBeGreaterThanOrEqual(400)
  expect(await send('/api/google/webhook', {})).toBeLessThan(500)
  expect((await fetch(`${app.url}/api/health`)).status).toBe(200)
})

const planted = '<img src="/planted" onerror="window.planted=1"><script>window.planted=2</script>'

test('text of users and of Google is escaped on every page', async ({ page, app, google }) => {
  const requested: string[] = []
  const calendarId = workCalendar(google)
  page.on('request', (request) => requested.push(request.url()))
  google.person.updateCalendar({
    email: owner,
    calendarId,
    changes: { summary: `Work ${planted}` },
  })
  const start = quietDay().toPlainDateTime('10:00').toZonedDateTime(zone)
  const time = (hours: number) => ({ dateTime: start.add({ hours }).toInstant().toString() })
  const theirs = google.person.create({
    email: owner,
    calendarId,
    event: {
      summary: `Dentist ${planted}`,
      description: `<b>Bold</b> ${planted}`,
      location: planted,
      start: time(0),
      end: time(1),
    },
  })
  await enter(page.context(), { app, email: owner })
  await goToConsent(page, app.url)
  await allowAll(page)
  await page.getByRole('radio', { name: /^Work/ }).check()
  await businessCalendar(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('main').getByText(/^Up to date ·/)).toBeVisible({ timeout: 20_000 })
  const title = `Tap ${planted}`
  const id = await book(app, {
    title,
    start: time(3).dateTime,
    end: time(4).dateTime,
    location: planted,
    notes: planted,
  })
  await app.sql`update businesses set name = ${`Harbour ${planted}`}`
  await app.sql`update members set name = name || ${planted}`
  await app.sql`update google_events set html_link = 'javascript:window.planted=3' where event_id = ${theirs.id}`
  await app.sql`insert into invitations (business_id, email, role, token_hash, invited_by, expires_at)
    select business_id, 'x@elsewhere.example', 'staff', sha256(${Buffer.from('a'.repeat(43))}), id, now() + interval '1 day'
    from members where role = 'owner'`

  for (const path of ['team', 'business', 'activity', 'calendar']) await page.goto(`${app.url}/settings/${path}`)
  await page.goto(`${app.url}/invitation/${'a'.repeat(43)}`)
  await expect(page.getByRole('heading', { name: 'Join Harbour <img' })).toBeVisible()
  await openCalendar(page, app, `?view=day&date=${quietDay()}&appointment=${id}`)
  await expect(page.getByRole('dialog').getByLabel('Title')).toHaveValue(title)
  await page.keyboard.press('Escape')
  await page.locator(`[data-google-event-id="${theirs.id}"]`).first().click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Bold')).toBeVisible()
  expect(
    await dialog.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
  ).not.toContain('javascript:window.planted=3')
  expect(await page.evaluate(() => (window as { planted?: number }).planted)).toBeUndefined()
  expect(requested.filter((url) => url.endsWith('/planted'))).toEqual([])
})

test('cookies planted before sign-in have no effect after it', async ({ page, app, signInAs, allowConsole }) => {
  allowConsole(readWhileSigningOut)
  const { staff } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  const other = await foundOther(app.sql)
  const [name = '', value = ''] = (staff ?? '').split('=')
  const plant = (name: string, value: string) => ({ name, value, url: app.url, httpOnly: true })
  await page
    .context()
    .addCookies([
      plant(name, value),
      plant('next-auth.callback-url', 'https://evil.example'),
      plant('next-auth.csrf-token', 'chosen%7Cchosen'),
      plant('sophiie-business', other.businessId),
    ])
  await page.goto(`${app.url}/calendar`)
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await page.waitForURL(`${app.url}/sign-in**`)
  await signInAs(page, owner)
  await expect(page).toHaveURL(`${app.url}/calendar`)
  await page.goto(`${app.url}/settings/team`)
  await expect(page.getByRole('banner').getByText('Olive Harbour')).toBeVisible()
  await expect(page.getByRole('banner').getByText('Harbour Plumbing')).toBeVisible()
  const now = (await page.context().cookies(app.url)).find((cookie) => cookie.name === name)
  expect(now?.value).not.toContain(value)
  for (const forged of [
    `${name}=${value}x`,
    `${name}=`,
    await sessionCookie('another secret', { id: other.memberId, version: 0 }),
  ])
    expect(
      (await fetch(`${app.url}/api/calendar?from=2026-01-01&to=2026-02-01`, { headers: { cookie: forged } })).status,
    ).toBe(401)
})

test('each rate limit says when to try again, and nothing is written until then', async ({ page, app, browser }) => {
  const { owner: cookie } = await peopleOf(app.sql, app.secrets.NEXTAUTH_SECRET)
  /** Fills the rate limit in the database, except for one attempt. */
  const exhaust = (what: string, most: number) =>
    app.sql`update rate_limits set count = ${most} where key like ${`${what}:%`} returning key`.then((rows) =>
      expect(rows, what).toHaveLength(1),
    )
  await enter(page.context(), { app, email: owner })
  await test.step('invitations of a business: fifty a day', async () => {
    const invite = builtActions().get('team#invite') as Action
    await callAction({ url: app.url, cookie }, invite, [{ email: 'one@elsewhere.example', role: 'staff' }])
    await exhaust('invite', 50)
    await page.goto(`${app.url}/settings/team`)
    await page.getByLabel('E-mail address').fill('two@elsewhere.example')
    await page.getByRole('button', { name: 'Invite' }).click()
    await expect(page.getByText(/Too many attempts\. Try again in 14\d\d minutes\./)).toBeVisible()
    expect((await app.sql`select count(*)::int as n from invitations`)[0]?.n).toBe(1)
  })
  await test.step('opening links of invitations and e-mails', async () => {
    const link = `${app.url}/invitation/${'a'.repeat(43)}`
    await page.goto(link)
    await exhaust('link-used', 60)
    await page.goto(link)
    await expect(page.getByRole('heading', { name: 'Too many attempts' })).toBeVisible()
    await page.goto(`${app.url}/sign-in/link/${'a'.repeat(43)}`)
    await expect(page.getByText('Wait ten minutes, then open the link again.')).toBeVisible()
    const answers = ['team#acceptInvitation', 'auth#signInByLink'].map((name) =>
      callAction({ url: app.url, cookie }, builtActions().get(name) as Action, [formOf({ token: 'a'.repeat(43) })]),
    )
    expect((await Promise.all(answers)).map(({ redirect }) => redirect)).toEqual([
      `/invitation/${'a'.repeat(43)}`,
      '/sign-in?error=too-often',
    ])
  })
  const stranger = await (await browser.newContext()).newPage()
  await test.step('requesting sign-in links from one address', async () => {
    const ask = async (email: string) => {
      await stranger.goto(`${app.url}/sign-in`)
      await stranger.getByLabel('E-mail address').fill(email)
      await stranger.getByRole('button', { name: 'Email me a sign-in link' }).click()
    }
    await ask('one@elsewhere.example')
    await expect(stranger.getByText('We sent a sign-in link')).toBeVisible()
    await exhaust('link-asked', 20)
    await ask('two@elsewhere.example')
    await expect(stranger.getByText(/Too many attempts\. Try again in \d\d minutes\./)).toBeVisible()
    expect(await app.sql`select from sign_in_links`).toHaveLength(1)
  })
  await test.step('starting the link flow', async () => {
    const leave = builtActions().get('auth#continueWithGoogle') as Action
    await callAction({ url: app.url }, leave, [formOf({ callbackUrl: '/calendar' })])
    await exhaust('sign-in', 60)
    await stranger.goto(`${app.url}/sign-in`)
    await stranger.getByRole('button', { name: 'Continue with Google' }).click()
    await expect(stranger.getByText('Too many attempts. Wait ten minutes, then try again.')).toBeVisible()
  })
  await stranger.context().close()
})
