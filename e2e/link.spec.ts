import type { Sql } from 'postgres'
import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { linkedWork } from './steps/link.ts'
import { allowAll, businessCalendar, goToConsent, linkWork, mappingOf, owner, workCalendar } from './steps/steps.ts'

const mia = 'mia@harbourplumbing.example'

test.describe('linking', () => {
  test.beforeEach(({ page, app }) => enter(page.context(), { app, email: owner }))

  test('Cancel at Google returns with a message and a button to try again', async ({ page, app }) => {
    await goToConsent(page, app.url)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByText('You cancelled at Google')).toBeVisible()
    await expect(businessCalendar(page).getByRole('button', { name: 'Link Calendar' })).toBeVisible()
    expect(await accounts(app)).toBe(0)
  })

  test('a missing permission is named, and no grant is kept at Google', async ({ page, app, google }) => {
    await goToConsent(page, app.url)
    await page.getByRole('checkbox', { name: /list of Google calendars/ }).check()
    await page.getByRole('button', { name: /^(Continue|Allow)$/ }).click()
    await expect(page.getByText(/Write calendar events.* was not ticked/)).toBeVisible()
    await expect(businessCalendar(page).getByRole('button', { name: 'Link Calendar' })).toBeVisible()
    expect(await accounts(app)).toBe(0)
    expect(google.world.log.since(0).filter((entry) => entry.operation === 'oauth.revoke')).toHaveLength(1)
  })

  test('a forged state links nothing', async ({ page, app }) => {
    await goToConsent(page, app.url)
    await page.goto(`${app.url}/api/google/callback?code=4/stolen&state=forged`)
    await expect(page.getByText('does not match a link started here')).toBeVisible()
    expect(await accounts(app)).toBe(0)
  })

  test('a callback opened a second time changes nothing', async ({ page, app, google }) => {
    await goToConsent(page, app.url)
    const answered = page.waitForRequest((request) => request.url().includes('/api/google/callback?'))
    await allowAll(page)
    const callback = (await answered).url()
    await expect(page.getByText('Google is connected.')).toBeVisible()
    const last = google.world.log.last()
    await page.goto(callback)
    await expect(page.getByText('the page was opened twice')).toBeVisible()
    expect(google.world.log.since(last).filter((entry) => entry.operation === 'oauth.token')).toEqual([])
    expect(await accounts(app)).toBe(1)
  })

  test('another user who signs in during the link flow does not get the account', async ({ page, app, signInAs }) => {
    await goToConsent(page, app.url)
    await page.context().clearCookies({ name: 'next-auth.session-token' })
    await signInAs(await page.context().newPage(), mia)
    await allowAll(page)
    await expect(page).toHaveURL(/link=other-person/)
    expect(await accounts(app)).toBe(0)
  })

  test('nothing syncs before Save; read-only calendars cannot be chosen; Save requires a choice', async ({
    page,
    app,
    google,
  }) => {
    await goToConsent(page, app.url)
    await allowAll(page)
    await expect(page.getByRole('radio', { name: 'Work' })).toBeEnabled()
    await expect(page.getByRole('radio', { name: 'Team roster' })).toBeDisabled()
    await expect(page.getByRole('row', { name: /Team roster/ })).toContainText('Read only')
    await expect(page.getByRole('radio', { checked: true })).toHaveCount(0)
    await businessCalendar(page).getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText(/^Choose/).last()).toBeVisible()
    const operations = google.world.log.since(0).map((entry) => entry.operation)
    expect(operations.filter((operation) => /^(events|channels)/.test(operation))).toEqual([])
  })

  test('tokens are stored encrypted', async ({ app, google }) => {
    await linkedWork(app, google)
    const [row] = await app.sql<{ text: string }[]>`select google_accounts::text as text from google_accounts`
    const tokens = [...google.world.state.oauth.refreshTokens.keys(), ...google.world.state.oauth.accessTokens.keys()]
    expect(tokens.length).toBeGreaterThan(1)
    expect(tokens.filter((token) => row?.text.includes(token))).toEqual([])
    expect(row?.text).toContain('v1.')
  })
})

test.describe('linked', () => {
  test.beforeEach(async ({ page, app, google }) => {
    await enter(page.context(), { app, email: owner })
    await linkedWork(app, google)
    await page.goto(`${app.url}/settings/calendar`)
  })

  test('access revoked at Google shows Needs attention, and Reconnect resumes', async ({ page, app, google }) => {
    google.person.revokeAccess({ email: owner })
    await businessCalendar(page).getByRole('button', { name: 'Sync now' }).click()
    const reconnect = businessCalendar(page).getByRole('button', { name: 'Reconnect Google' })
    await expect(reconnect).toBeVisible()
    const [before] = await app.sql`select count(*)::int as events from google_events`
    expect(before?.events).toBeGreaterThan(50)
    // Google gets the linked account as login hint, so it need not be chosen again.
    await reconnect.click()
    await allowAll(page)
    await expect(page.getByText('Google is reconnected')).toBeVisible()
    await expect(page.getByRole('main').getByText(/^Up to date ·/)).toBeVisible({ timeout: 20_000 })
    await page.goto(`${app.url}/calendar`)
    await expect(page.locator('[data-google-event-id]').first()).toBeVisible()
  })

  test('Change calendar moves the upcoming appointments and no other event', async ({ page, app, google }) => {
    const [one] = await app.sql<{ id: string }[]>`
      select appointment_id as id from event_mappings c join appointments a on a.id = c.appointment_id
      where c.state = 'live' and a.starts_at > now() order by a.starts_at limit 1`
    const id = one?.id ?? ''
    const theirs = foreign(google)
    await page
      .getByRole('link', { name: 'Change calendar' })
      .or(page.getByRole('button', { name: 'Change calendar' }))
      .first()
      .click()
    await expect(page.getByText(/upcoming appointments? will move/)).toBeVisible()
    await page.getByRole('radio', { name: owner }).check()
    await businessCalendar(page).getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Synchronization is active')).toBeVisible()
    await expect.poll(() => mappingOf(google, id)).toBeUndefined()
    const primary = google.person.instances({
      email: owner,
      calendarId: owner,
      timeMin: '2026-01-01T00:00:00Z',
      timeMax: '2030-01-01T00:00:00Z',
    })
    expect(primary.filter((event) => event.extendedProperties?.private?.sophiieAppointmentId === id)).toHaveLength(1)
    expect(foreign(google)).toEqual(theirs)
    await page.goto(`${app.url}/calendar`)
    await expect(page.locator('[data-google-event-id]').first()).toBeVisible()
  })

  test('unlinking while Google is down completes here, and the grant is revoked later', async ({
    page,
    app,
    google,
  }) => {
    google.world.faults.push({ match: { path: '^/(revoke|token)' }, kind: 'status', status: 503, times: 3 })
    await businessCalendar(page).getByRole('button', { name: 'Unlink Google' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink Google' }).click()
    await expect(businessCalendar(page).getByRole('button', { name: 'Link Calendar' })).toBeVisible()
    expect(await accounts(app)).toBe(0)
    const [mirror] = await app.sql`select count(*)::int as events from google_events`
    expect(mirror?.events).toBe(0)
    // The next attempt is minutes away, so it is made due now.
    await expect.poll(async () => (await app.sql`select attempts from google_revocations`)[0]?.attempts).toBe(1)
    google.world.faults.length = 0
    await app.sql`update google_revocations set next_attempt_at = now()`
    await app.sql`select graphile_worker.add_job('tick')`
    await expect.poll(async () => (await app.sql`select from google_revocations`).length).toBe(0)
    expect(google.world.state.oauth.refreshTokens.size).toBe(0)
  })
})

test('staff see the status but cannot link', async ({ page, app }) => {
  await enter(page.context(), { app, email: mia })
  await page.goto(`${app.url}/settings/calendar`)
  await expect(page.getByText(/only the owner/i)).toBeVisible()
  await expect(businessCalendar(page).getByRole('button', { name: 'Link Calendar' })).toHaveCount(0)
  await page.goto(`${app.url}/api/google/link`)
  await expect(page).toHaveURL(/settings\/calendar\?link=owner-only/)
})

test('a new user creates a business and lands on its empty calendar', async ({ page, app, signInAs, axe }) => {
  await signInAs(page, 'nora@newstart.example')
  await expect(page).toHaveURL(`${app.url}/welcome`)
  await axe(page)
  await page.getByRole('button', { name: 'Create business' }).click()
  await expect(page.getByLabel('Business name')).toBeFocused()
  await page.getByLabel('Business name').fill('New Start Salon')
  await page.getByRole('button', { name: 'Create business' }).click()
  await expect(page).toHaveURL(/\/calendar/)
  await expect(page.getByText('New Start Salon')).toBeVisible()
  await expect(page.locator('[data-appointment-id]')).toHaveCount(0)
})

// Colours depend on the scheme and layout on the width: two of four combinations cover both.
for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const)
  test(`no accessibility violations, ${colorScheme}, ${width} px`, async ({ page, app, axe }) => {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    await page.goto(`${app.url}/sign-in`)
    await axe(page)
    await enter(page.context(), { app, email: owner })
    await page.goto(`${app.url}/settings/calendar`)
    await axe(page)
    await linkWork(page, app.url)
    await axe(page)
    await page.goto(`${app.url}/help/google-calendar`)
    await axe(page)
    // A phone shows one day, which has no appointments if it is a Sunday.
    const [booked] = await app.sql<{ date: string }[]>`
      select (starts_at at time zone 'Australia/Sydney')::date::text as date from appointments
      where status = 'booked' and starts_at > now() order by starts_at limit 1`
    await page.goto(`${app.url}/calendar?date=${booked?.date}`)
    await expect(page.locator('[data-appointment-id]').first()).toBeVisible()
    await axe(page)
    await page.locator('[data-appointment-id]').first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await axe(page)
  })

const accounts = async ({ sql }: { sql: Sql }) =>
  (await sql`select count(*)::int as count from google_accounts`)[0]?.count

/**
 * All events of both writable calendars except appointments and the invitations their guests get.
 */
const foreign = (google: Parameters<typeof workCalendar>[0]) =>
  [owner, workCalendar(google)].flatMap((calendarId) =>
    google.person
      .instances({
        email: owner,
        calendarId,
        timeMin: '2026-01-01T00:00:00Z',
        timeMax: '2028-01-01T00:00:00Z',
      })
      .filter((event) => event.source?.title !== 'Sophiie Calendar'),
  )
