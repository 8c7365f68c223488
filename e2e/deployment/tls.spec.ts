import { expect, test } from '../fixtures/fixtures.ts'
import { openCalendar, savedRequest } from '../steps/calendar.ts'
import { goToConsent, owner } from '../steps/steps.ts'

// As in production: a proxy in front of the server terminates TLS.
test.use({ mode: 'tls', ignoreHTTPSErrors: true })

test('over TLS, sign-in, booking and the link flow set secure cookies and headers', async ({ page, app, signInAs }) => {
  const addresses: string[] = []
  page.on('request', (request) => addresses.push(request.url()))
  await signInAs(page, owner)
  await openCalendar(page, app)
  await savedRequest(page, 'Booked over TLS')
  await expect(page.getByText('Booked over TLS').first()).toBeVisible()
  expect(await app.sql`select from appointments where title = 'Booked over TLS'`).toHaveLength(1)

  await goToConsent(page, app.url)
  const own = (await page.context().cookies()).filter(({ name }) => /next-auth|sophiie/.test(name))
  const named = new Map(own.map((cookie) => [cookie.name, cookie]))
  expect([...named.keys()]).toEqual(
    expect.arrayContaining([
      '__Secure-next-auth.session-token',
      '__Host-next-auth.csrf-token',
      '__Host-sophiie-google-link',
    ]),
  )
  for (const cookie of own)
    expect(cookie, cookie.name).toMatchObject({
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      domain: 'localhost',
    })

  const answer = await page.goto(`${app.url}/`)
  expect(answer?.url()).toBe(`${app.url}/calendar`)
  for (let response = answer; response; response = (await response.request().redirectedFrom()?.response()) ?? null) {
    expect(response.url()).toMatch(/^https:/)
    const headers = await response.allHeaders()
    expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests')
  }
  const plain = addresses.filter((url) => url.startsWith('http:') && new URL(url).port === new URL(app.url).port)
  expect(plain).toEqual([])
})
