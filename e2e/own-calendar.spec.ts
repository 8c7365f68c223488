import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { linkedWork } from './steps/link.ts'
import { allowAll, goToConsent, myCalendar, owner, staff } from './steps/steps.ts'

const account = 'mia.work@gmail.example'
const jobs = 'Mia’s jobs'

test('a member sends their appointments to a calendar of their own, by a second consent', async ({
  page,
  app,
  google,
  axe,
  browser,
  allowConsole,
}) => {
  test.slow()
  google.person.addAccount({ email: account, name: 'Mia Chen', timeZone: 'Australia/Sydney' })
  const { id: jobsId } = google.person.addCalendar({ email: account, summary: jobs, timeZone: 'Australia/Sydney' })
  google.person.addCalendar({ email: account, summary: 'Club', accessRole: 'reader' })
  const chosen = () => app.sql`
    select calendar_id as id from synced_calendars where member_id is not null and purpose = 'appointments'`
  const region = myCalendar(page)
  const cards = region.getByRole('radiogroup', { name: 'My appointments' })
  const save = () => region.getByRole('region', { name: 'My appointments' }).getByRole('button', { name: 'Save' })
  await linkedWork(app, google)
  await enter(page.context(), { app, email: staff })

  await test.step('linked: None is chosen, and only reading was asked for', async () => {
    await goToConsent(page, app.url, { email: account, region: myCalendar })
    await expect(page.getByText('View and edit events')).toHaveCount(0)
    await allowAll(page)
    await expect(cards.getByRole('radio', { name: 'None' })).toBeChecked()
    await expect(cards.getByRole('radio', { name: 'Club' })).toHaveCount(0)
    await inEveryLayout(page, 'own-calendar-none', axe)
  })

  await test.step('choosing one asks Google once more, and says why', async () => {
    await cards.getByRole('radio', { name: jobs }).check()
    await expect(region.getByText('Sophiie needs permission to write')).toBeVisible()
    await inEveryLayout(page, 'own-calendar-consent', axe)
    await region.getByRole('button', { name: 'Continue to Google' }).click()
    await page.getByRole('checkbox', { name: 'Select all' }).waitFor()
    await expect(page.getByText('View and edit events')).toBeVisible()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(region.getByText('nothing changed')).toBeVisible()
    await cards.getByRole('radio', { name: jobs }).check()
    await region.getByRole('button', { name: 'Continue to Google' }).click()
    await allowAll(page)
    await expect(region.getByText('Google gave permission to write.')).toBeVisible()
    await expect(cards.getByRole('radio', { name: jobs })).toBeChecked()
    expect(await chosen()).toEqual([])
    await inEveryLayout(page, 'own-calendar-allowed', axe)
  })

  await test.step('Save, confirmation, status', async () => {
    await save().click()
    await expect(region.getByText('Synchronization is active.')).toBeVisible()
    await expect(region.getByText(`${account} → ${jobs}`)).toBeVisible()
    expect(await chosen()).toEqual([{ id: jobsId }])
    await expect(region.getByText(/^Up to date/).first()).toBeVisible({ timeout: 20_000 })
    await expect(region.getByText('Appointments in Google')).toBeVisible()
    await expect(region.getByRole('checkbox', { name: `Blocks my time: ${jobs}` })).toBeDisabled()
    await inEveryLayout(page, 'own-calendar-linked', axe)
    await region.getByRole('button', { name: 'Sync now' }).click()
    await expect(region.getByText('Up to date.', { exact: true })).toBeVisible()
  })

  await test.step('the owner sees the account and its status', async () => {
    const other = await browser.newContext()
    await enter(other, { app, email: owner })
    const tab = await other.newPage()
    await tab.goto(`${app.url}/settings/calendar`)
    const row = tab.getByRole('region', { name: 'Team calendars' }).getByRole('listitem', { name: 'Mia Chen' })
    await expect(row).toContainText(account)
    await expect(row.getByText(/^Up to date/)).toBeVisible()
    await expect(row.getByRole('button')).toHaveCount(0)
    await expect(tab.getByText(jobs)).toHaveCount(0)
    await inEveryLayout(tab, 'team-calendars-linked', axe)
    await other.close()
  })

  await test.step('another calendar', async () => {
    await region.getByRole('button', { name: 'Change calendar' }).click()
    await cards.getByRole('radio', { name: account }).check()
    await expect(region.getByText(/Upcoming appointments move/)).toBeVisible()
    await inEveryLayout(page, 'own-calendar-change', axe)
    await save().click()
    await expect(region.getByText(`${account} → ${account}`)).toBeVisible()
    await expect.poll(chosen).toEqual([{ id: account }])
    await expect(region.getByText(/^Up to date/).first()).toBeVisible({ timeout: 20_000 })
  })

  await test.step('access revoked at Google: Reconnect asks for the same permissions', async () => {
    // The list of calendars is refused as well.
    allowConsole(/409/)
    google.person.revokeAccess({ email: account })
    await app.sql`update google_accounts set access_token_expires_at = now() where google_email = ${account}`
    await region.getByRole('button', { name: 'Sync now' }).click()
    const reconnect = region.getByRole('button', { name: 'Reconnect Google' })
    await expect(reconnect.first()).toBeVisible({ timeout: 20_000 })
    await inEveryLayout(page, 'own-calendar-revoked', axe)
    await reconnect.first().click()
    await expect(page.getByText('View and edit events')).toBeVisible()
    await allowAll(page)
    await expect(region.getByText('Google is reconnected.')).toBeVisible()
    await expect(region.getByText(/^Up to date/).first()).toBeVisible({ timeout: 20_000 })
  })

  await test.step('None again: its calendars are only read', async () => {
    await region.getByRole('button', { name: 'Change calendar' }).click()
    await cards.getByRole('radio', { name: 'None' }).check()
    await expect(region.getByText(`What is already in ${account} stays there`)).toBeVisible()
    await save().click()
    await expect(page.getByText('Saved. Your calendars are only read.')).toBeVisible()
    await expect(cards.getByRole('radio', { name: 'None' })).toBeChecked()
    expect(await chosen()).toEqual([])
  })

  await test.step('unlinked', async () => {
    await region.getByRole('button', { name: 'Unlink Google' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink Google' }).click()
    await expect(region.getByText('Your Google account is unlinked.')).toBeVisible()
  })
})
