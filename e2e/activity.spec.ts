import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { owner } from './steps/steps.ts'

test.beforeEach(async ({ page, app }) => enter(page.context(), { app, email: owner }))

test('the log shows who changed what, before and after, and filters by person, kind and appointment', async ({
  page,
  app,
  axe,
}) => {
  await page.goto(`${app.url}/settings/activity`)
  await expect(page.getByText('No activity yet.')).toBeVisible()
  await page.goto(`${app.url}/settings/business`)
  await page.getByLabel('Business name').fill('Harbour & Sons')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
  await app.sql`insert into activity (business_id, actor, appointment_id, what, before, after)
    select business_id, 'google', id, 'appointment.changed-in-google',
      jsonb_build_object('start', '2026-12-01T00:00:00Z', 'end', '2026-12-01T01:00:00Z'),
      jsonb_build_object('start', '2026-12-01T02:00:00Z', 'end', '2026-12-01T03:00:00Z')
    from appointments order by id limit 1`
  await page.goto(`${app.url}/settings/activity`)
  const lines = page.getByRole('main').getByRole('listitem')
  await expect(lines).toHaveCount(2)
  await expect(lines.nth(0)).toContainText(/Google Calendar changed “.*”; the appointment was updated/)
  await expect(lines.nth(0)).toContainText('Tue 1 Dec 2026, 11:00 am – 12:00 pm')
  await expect(lines.nth(0)).toContainText('Tue 1 Dec 2026, 1:00 pm – 2:00 pm')
  await expect(lines.nth(1)).toContainText('Olive Harbour changed the business settings')
  await expect(lines.nth(1).locator('del')).toHaveText('Harbour Plumbing')
  await expect(lines.nth(1).locator('ins')).toHaveText('Harbour & Sons')
  await inEveryLayout(page, 'activity', axe)

  await page.getByLabel('Who').selectOption('Google Calendar')
  await expect(lines).toHaveCount(1)
  await page.getByLabel('Who').selectOption('Everyone')
  await page.getByLabel('About').selectOption('Business')
  await expect(lines).toHaveCount(1)
  await expect(lines).toContainText('Olive Harbour')
  await page.getByLabel('About').selectOption('Team')
  await expect(page.getByText('No activity matches these filters.')).toBeVisible()
  await page.getByLabel('About').selectOption('Everything')
  await lines.nth(0).getByRole('link', { name: 'Show its history' }).click()
  await expect(page.getByRole('link', { name: 'All appointments' })).toBeVisible()
  await expect(lines).toHaveCount(1)
})

test('an appointment shows its own history, also to staff', async ({ page, app, browser }) => {
  const [one] = await app.sql<{ id: string; title: string }[]>`
    with a as (select id, title, business_id from appointments where starts_at > now() order by starts_at limit 1),
      entries as (insert into activity (business_id, actor, appointment_id, what, after)
        select business_id, 'google', id, 'appointment.changed-in-google', jsonb_build_object('title', title) from a)
    select id, title from a`
  const staff = await (await browser.newContext()).newPage()
  await enter(staff.context(), { app, email: 'mia@harbourplumbing.example' })
  for (const person of [page, staff]) {
    await person.goto(`${app.url}/calendar?appointment=${one?.id}`)
    await person.getByRole('dialog').getByText('History').click()
    await expect(
      person.getByRole('dialog').getByText(`Google Calendar changed “${one?.title}”; the appointment was updated`),
    ).toBeVisible()
  }
  await staff.context().close()
})

test('pages of fifty follow each other without gap or repetition; the CSV has all entries', async ({ page, app }) => {
  await app.sql`insert into activity (business_id, actor, member_id, what, after)
    select m.business_id, 'member', m.id, 'member.invited', jsonb_build_object('email', 'p' || n || '@x.example', 'role', 'staff')
    from members m, generate_series(1, 120) n where m.role = 'owner' order by n`
  await app.sql`insert into activity (business_id, actor, what, detail) select id, 'sophiie', 'google.events-removed', '=1+1"x' from businesses`
  await page.goto(`${app.url}/settings/activity?kind=member`)
  const addresses: string[] = []
  for (;;) {
    const lines = page.getByRole('main').getByRole('listitem')
    await expect(lines.first()).toBeVisible()
    addresses.push(...(await lines.allInnerTexts()).map((text) => text.match(/p\d+@/)?.[0] ?? ''))
    const older = page.getByRole('link', { name: 'Older' })
    if ((await older.count()) === 0) break
    const address = page.url()
    await older.click()
    await page.waitForURL((url) => url.href !== address)
    await expect(page.getByText(addresses.at(-1) ?? '', { exact: false })).toHaveCount(0)
  }
  expect(addresses).toEqual(Array.from({ length: 120 }, (_, n) => `p${120 - n}@`))
  await page.getByRole('link', { name: 'Newest' }).click()
  await expect(page.getByText('p120@x.example')).toBeVisible()

  const csv = await (await page.request.get(`${app.url}/api/activity/csv`)).text()
  const rows = csv.trimEnd().split('\r\n')
  expect(rows).toHaveLength(122)
  expect(rows[0]).toBe('\uFEFF"Time (UTC)","Who","What","Why","Changes","Appointment"')
  expect(rows[1]).toContain(`"'=1+1""x"`)
  expect(rows.at(-1)).toContain('"invited p1@x.example as staff"')
})
