import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { linkedWork } from './steps/link.ts'
import { businessCalendar, owner, staff } from './steps/steps.ts'

const roster = 'Team roster'

test.beforeEach(async ({ page, app, google }) => {
  await linkedWork(app, google)
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/settings/calendar`)
})

test('the owner decides where appointments go, and undoes it', async ({ page, app }) => {
  const region = page.getByRole('region', { name: 'Team calendars' })
  const where = region.getByRole('group', { name: 'Where appointments go' })
  const stored = async () => (await app.sql`select appointments_go as go from businesses`)[0]?.go
  await expect(where.getByRole('radio', { name: 'Both' })).toBeChecked()
  await where.getByRole('radio', { name: 'Each assignee’s calendar' }).check()
  await expect(page.getByText('Saved. Upcoming appointments follow.')).toBeVisible()
  await expect.poll(stored).toBe('assignees')
  await page.reload()
  await expect(where.getByRole('radio', { name: 'Each assignee’s calendar' })).toBeChecked()
  await where.getByRole('radio', { name: 'Business calendar' }).check()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(where.getByRole('radio', { name: 'Each assignee’s calendar' })).toBeChecked()
  await expect.poll(stored).toBe('assignees')
  await page.goto(`${app.url}/settings/activity`)
  await expect(page.getByText('changed where appointments go').first()).toBeVisible()
})

test('the owner sees everybody’s calendar and asks Mia by e-mail', async ({ page, app, mail, axe, browser }) => {
  const region = page.getByRole('region', { name: 'Team calendars' })
  const row = (name: string) => region.getByRole('listitem', { name })
  await expect(row('Mia Chen')).toContainText('Not linked')
  await expect(row('Olive Harbour').getByRole('link', { name: 'My calendar' })).toBeVisible()
  await inEveryLayout(page, 'team-calendars', axe)
  await row('Mia Chen').getByRole('button', { name: 'Ask Mia by e-mail' }).click()
  await expect(row('Mia Chen')).toContainText(/Asked (just now|\d+ s)/)
  await expect(row('Mia Chen').getByRole('button')).toHaveCount(0)
  await expect(row('Tom Okafor').getByRole('button', { name: 'Ask Tom by e-mail' })).toBeVisible()
  await inEveryLayout(page, 'team-calendars-asked', axe)
  expect(mail.letters.filter(({ to }) => to.includes(staff))).toHaveLength(1)
  expect(mail.linkTo(staff)).toBe(`${app.url}/settings/calendar`)

  const other = await browser.newContext()
  await enter(other, { app, email: staff })
  const mia = await other.newPage()
  await mia.goto(mail.linkTo(staff) ?? '')
  await expect(
    mia.getByRole('region', { name: 'My calendar' }).getByRole('button', { name: 'Link Calendar' }),
  ).toBeVisible()
  await expect(mia.getByRole('region', { name: 'Team calendars' })).toHaveCount(0)
  await expect(mia.getByText('Where appointments go')).toHaveCount(0)
  await other.close()
})

test('a roster blocks everyone, then only Mia, and shows locked', async ({ page, app, google, axe }) => {
  const id = google.person.calendars(owner).find(({ summary }) => summary === roster)?.id ?? ''
  const stored = () => app.sql`
    select calendar_name as name, blocks_member_ids as ids, (select id from members where email = ${staff}) as mia
    from synced_calendars where purpose = 'busy'`
  const everyone = businessCalendar(page).getByRole('checkbox', { name: `Blocks everyone: ${roster}` })
  const save = async () => {
    await businessCalendar(page).getByRole('button', { name: 'Save' }).click()
    await expect(businessCalendar(page).getByText('Saved. 1 other calendar blocks time.')).toBeVisible()
  }
  await businessCalendar(page).getByRole('button', { name: 'Choose calendars' }).click()
  await expect(businessCalendar(page).getByRole('checkbox', { name: 'Blocks everyone: Work' })).toBeDisabled()
  await inEveryLayout(page, 'business-busy-choose', axe)
  await everyone.check()
  await save()
  expect(await stored()).toMatchObject([{ name: roster, ids: null }])
  await expect(businessCalendar(page).getByText(/^Up to date/)).toHaveCount(2)
  await page.reload()
  await expect(everyone).toBeChecked()

  await businessCalendar(page)
    .getByRole('button', { name: `Only some members: ${roster}` })
    .click()
  await businessCalendar(page)
    .getByRole('checkbox', { name: `Blocks Mia Chen: ${roster}` })
    .check()
  await expect(everyone).not.toBeChecked()
  await inEveryLayout(page, 'business-busy-some', axe)
  await save()
  const [saved] = await stored()
  expect(saved?.ids).toEqual([saved?.mia])

  await test.step('its events show, locked', async () => {
    const start = new Date(Date.now() + 24 * 3_600_000)
    start.setUTCHours(2, 0, 0, 0)
    const end = new Date(start.getTime() + 3_600_000)
    const at = (time: Date) => ({ dateTime: time.toISOString(), timeZone: 'UTC' })
    google.person.create({
      email: staff,
      calendarId: id,
      event: { summary: 'Van at the garage', start: at(start), end: at(end) },
    })
    await app.sql`select request_sync(id) from synced_calendars where purpose = 'busy'`
    await page.goto(`${app.url}/calendar?view=list&date=${start.toISOString().slice(0, 10)}`)
    await expect(page.getByText('Van at the garage').first()).toBeVisible({ timeout: 20_000 })
    await page.getByText('Van at the garage').first().click()
    const dialog = page.getByRole('dialog', { name: 'Van at the garage' })
    await expect(dialog).toContainText('It blocks Mia Chen.')
  })
})
