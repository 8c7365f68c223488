import ICAL from 'ical.js'
import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { linkedWork } from './steps/link.ts'
import { mappingOf, owner } from './steps/steps.ts'

/** Dozens of events are patched. */
const slow = { timeout: 40_000 }

test.describe('Settings → Business', () => {
  test.beforeEach(async ({ page, app }) => {
    await enter(page.context(), { app, email: owner })
    await page.goto(`${app.url}/settings/business`)
  })

  test('has no accessibility violations or overflow in any layout', async ({ page, axe }) => {
    await expect(page.getByRole('tab', { name: 'Business', selected: true })).toBeVisible()
    await inEveryLayout(page, 'business', axe)
    await page.getByRole('button', { name: 'Delete business' }).click()
    await inEveryLayout(page, 'business-delete', axe)
  })

  test('a new name is saved, shown and can be undone', async ({ page, app }) => {
    await page.getByLabel('Business name').fill('Harbour & Sons')
    await page.getByLabel('Default length in minutes').fill('45')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByRole('banner').getByText('Harbour & Sons')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByLabel('Business name')).toHaveValue('Harbour Plumbing')
    await expect(page.getByLabel('Default length in minutes')).toHaveValue('60')
    const [row] = await app.sql`select name, default_minutes from businesses`
    expect(row).toEqual({ name: 'Harbour Plumbing', default_minutes: 60 })
  })

  test('each invalid field shows its error, keeps its input and gets the focus', async ({ page }) => {
    const name = page.getByLabel('Business name')
    await name.fill('   ')
    await page.getByLabel('Default length in minutes').fill('2')
    await page.getByLabel('Time zone').fill('Atlantis')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('Enter a name for the business.')).toBeVisible()
    await expect(page.getByText('Use at least 5 minutes.')).toBeVisible()
    await expect(page.getByText(/Choose a time zone from the list/)).toBeVisible()
    await expect(name).toBeFocused()
    await expect(page.getByLabel('Time zone')).toHaveValue('Atlantis')
  })

  test('a change of time zone explains the effect on appointments first, and moves none', async ({ page, app }) => {
    const before = await app.sql`select id, starts_at, ends_at from appointments order by id`
    await page.getByLabel('Time zone').fill('Perth')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText(/upcoming appointments still take place at the same moment/)
    await expect(dialog).toContainText('will be shown as')
    await dialog.getByRole('button', { name: 'Keep Australia/Sydney' }).click()
    expect((await app.sql`select time_zone from businesses`)[0]?.time_zone).toBe('Australia/Sydney')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.getByRole('button', { name: 'Change time zone' }).click()
    await expect(page.getByLabel('Time zone')).toHaveValue('Australia/Perth')
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    expect(await app.sql`select id, starts_at, ends_at from appointments order by id`).toEqual(before)
  })

  test('rules are saved, refused with a sentence, and undone', async ({ page, app }) => {
    await page.getByLabel('Minimum notice in hours').fill('400')
    await page.getByRole('button', { name: 'Save rules' }).click()
    await expect(page.getByText('Use at most 336 hours (14 days).')).toBeVisible()
    await expect(page.getByLabel('Minimum notice in hours')).toBeFocused()
    await page.getByLabel('Minimum notice in hours').fill('2')
    await page.getByLabel('Most appointments per member and day').fill('6')
    await page.getByLabel('Same-day cut-off').fill('15:00')
    await page.getByRole('button', { name: 'Save rules' }).click()
    await expect(page.getByText('Rules saved.')).toBeVisible()
    const rules = async () => (await app.sql`select notice_minutes, most_per_day, same_day_cut_off from businesses`)[0]
    expect({ ...(await rules()) }).toEqual({
      notice_minutes: 120,
      most_per_day: 6,
      same_day_cut_off: '15:00',
    })
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByLabel('Minimum notice in hours')).toHaveValue('0')
  })

  test('public holidays are confirmed and become exceptions', async ({ page, app }) => {
    await page.getByLabel('Country').selectOption('Australia')
    await page.getByLabel('State').selectOption('New South Wales')
    const first = page.getByRole('checkbox', { name: /Christmas Day/ }).first()
    await expect(first).toBeChecked()
    await page
      .getByRole('checkbox', { name: /Boxing Day/ })
      .first()
      .uncheck()
    await page.getByRole('button', { name: 'Add holidays' }).click()
    await expect(page.getByText(/holidays added\./)).toBeVisible()
    await expect(page.getByLabel('Reason 1', { exact: true })).toHaveValue('Christmas Day')
    await expect(page.getByText('0 chosen')).toBeVisible()
    const [row] = await app.sql`select holiday_region, opening_exceptions from businesses`
    expect(row?.holiday_region).toBe('AU-NSW')
    expect(row?.opening_exceptions).toContainEqual(
      expect.objectContaining({ note: 'Christmas Day', hours: [], holiday: true }),
    )
    expect(row?.opening_exceptions).not.toContainEqual(
      expect.objectContaining({ note: 'Boxing Day', date: '2026-12-26' }),
    )
  })

  test('opening hours can have a break and differ by day', async ({ page, app }) => {
    await page.getByRole('button', { name: 'Add break on Monday' }).click()
    await page.getByLabel('Monday opens', { exact: true }).fill('08:00')
    await page.getByLabel('Monday closes', { exact: true }).fill('12:00')
    await page.getByLabel('Monday opens 2').fill('13:00')
    await page.getByLabel('Monday closes 2').fill('17:30')
    await page.getByRole('checkbox', { name: 'Sunday' }).check()
    await page.getByRole('button', { name: 'Add day' }).click()
    await page.getByLabel('Date 1').fill('2026-12-25')
    await page.getByLabel('Reason 1').fill('Christmas')
    await page.getByRole('button', { name: 'Save opening hours' }).click()
    await expect(page.getByText('Opening hours saved.')).toBeVisible()
    const [row] = await app.sql`select opening_hours, opening_exceptions from businesses`
    expect(row?.opening_hours).toMatchObject({
      1: [
        { from: '08:00', to: '12:00' },
        { from: '13:00', to: '17:30' },
      ],
      7: [{ from: '09:00', to: '17:00' }],
    })
    expect(row?.opening_exceptions).toEqual([{ date: '2026-12-25', hours: [], note: 'Christmas' }])
    await page.reload()
    await expect(page.getByLabel('Reason 1')).toHaveValue('Christmas')
  })

  test('hours that overlap or end before they start are refused with an error at their day', async ({ page, app }) => {
    const before = await app.sql`select opening_hours from businesses`
    await page.getByRole('button', { name: 'Add break on Tuesday' }).click()
    await page.getByLabel('Tuesday opens 2').fill('08:00')
    await page.getByRole('button', { name: 'Add day' }).click()
    await page.getByRole('button', { name: 'Save opening hours' }).click()
    await expect(page.getByText('These hours overlap.')).toBeVisible()
    await expect(page.getByText('Choose a date.')).toBeVisible()
    await expect(page.getByLabel('Tuesday opens', { exact: true })).toBeFocused()
    expect(await app.sql`select opening_hours from businesses`).toEqual(before)
  })

  test('choices are saved at once, and can be undone', async ({ page, app }) => {
    await page.getByRole('radio', { name: '“Busy” only' }).check()
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
    expect((await app.sql`select staff_see from businesses`)[0]?.staff_see).toBe('busy')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('radio', { name: 'Title, location and description' })).toBeChecked()
    expect((await app.sql`select staff_see from businesses`)[0]?.staff_see).toBe('details')
    await page.getByRole('radio', { name: 'Put it back into Google' }).check()
    await expect
      .poll(async () => (await app.sql`select when_removed from businesses`)[0]?.when_removed)
      .toBe('put-back')
  })

  test('all data can be exported as JSON and as a calendar', async ({ page, app }) => {
    const json = await page.request.get(`${app.url}/api/business/export`)
    expect(json.headers()['content-disposition']).toContain('sophiie-export.json')
    const all = await json.json()
    const [counts] = await app.sql`select (select count(*)::int from appointments) as appointments,
      (select count(*)::int from members) as members, (select count(*)::int from activity) as activity`
    expect(all.business.name).toBe('Harbour Plumbing')
    expect({
      appointments: all.appointments.length,
      members: all.members.length,
      activity: all.activity.length,
    }).toEqual(counts)
    const ics = await (await page.request.get(`${app.url}/api/business/export?format=ics`)).text()
    const calendar = new ICAL.Component(ICAL.parse(ics))
    expect(calendar.getAllSubcomponents('vevent')).toHaveLength(counts?.appointments)
    expect(Math.max(...ics.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
  })

  test('is deleted only after its name is typed', async ({ page, app, google }) => {
    await linkedWork(app, google)
    await page.goto(`${app.url}/settings/business`)
    await page.getByRole('button', { name: 'Delete business' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Type “Harbour Plumbing”/).fill('Harbour')
    await dialog.getByRole('button', { name: 'Delete permanently' }).click()
    await expect(dialog.getByText('Enter the exact name of the business.')).toBeVisible()
    expect((await app.sql`select count(*)::int as n from businesses`)[0]?.n).toBe(1)
    await dialog.getByLabel(/Type “Harbour Plumbing”/).fill('Harbour Plumbing')
    await dialog.getByRole('button', { name: 'Delete permanently' }).click()
    await expect(page.getByText('The business was deleted')).toBeVisible()
    const left = await app.sql`select (select count(*)::int from businesses) as businesses,
      (select count(*)::int from users) as users, (select count(*)::int from activity) as activity,
      (select count(*)::int from google_accounts) as accounts`
    expect({ ...left[0] }).toEqual({ businesses: 0, users: 0, activity: 0, accounts: 0 })
    await expect
      .poll(() => google.world.log.since(0).some((entry) => entry.operation === 'oauth.revoke' && entry.status === 200))
      .toBe(true)
    await page.goto(`${app.url}/calendar`)
    await expect(page.getByRole('button', { name: 'Continue with Google' })).toBeVisible()
  })
})

test('turning guests off and on updates every upcoming appointment in Google, and no other event', async ({
  page,
  app,
  google,
}) => {
  await enter(page.context(), { app, email: owner })
  await linkedWork(app, google)
  const [one] = await app.sql<{ id: string; email: string }[]>`
    select a.id, m.email from appointments a join appointment_assignees s on s.appointment_id = a.id
    join members m on m.id = s.member_id join event_mappings c on c.appointment_id = a.id and c.state = 'live'
    where a.starts_at > now() and m.role = 'staff' order by a.starts_at limit 1`
  const guests = () => mappingOf(google, one?.id ?? '')?.attendees?.map(({ email }) => email) ?? []
  expect(guests()).toContain(one?.email)
  await page.goto(`${app.url}/settings/business`)
  await page.getByRole('radio', { name: 'In the description only' }).check()
  await expect.poll(guests, slow).not.toContain(one?.email)
  await page.getByRole('radio', { name: /As guests of the event/ }).check()
  await expect.poll(guests, slow).toContain(one?.email)
})

test('staff have no access to business settings: no tab, no page, no export', async ({ page, app }) => {
  await enter(page.context(), { app, email: 'mia@harbourplumbing.example' })
  await page.goto(`${app.url}/settings/calendar`)
  await expect(page.getByRole('tab')).toHaveText(['Calendar', 'Receptionist'])
  for (const path of ['business', 'team', 'activity']) {
    await page.goto(`${app.url}/settings/${path}`)
    await expect(page).toHaveURL(/\/calendar/)
  }
  for (const path of ['/api/business/export', '/api/business/export?format=ics', '/api/activity/csv'])
    expect((await page.request.get(`${app.url}${path}`)).status()).toBe(403)
})
