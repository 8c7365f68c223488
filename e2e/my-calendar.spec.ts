import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { linkedWork } from './steps/link.ts'
import { allowAll, goToConsent, myCalendar, owner, staff } from './steps/steps.ts'

const ownAccount = 'mia.private@gmail.example'
const clinic = 'Planted clinic'

test('a member links their own account, ticks and unticks calendars, and unlinks', async ({
  page,
  app,
  google,
  axe,
  browser,
  allowConsole,
}) => {
  test.slow()
  google.person.addAccount({ email: ownAccount, name: 'Mia Chen', timeZone: 'Australia/Sydney' })
  const { id: clinicId } = google.person.addCalendar({ email: ownAccount, summary: clinic, timeZone: 'UTC' })
  const busy = () => app.sql`
    select c.calendar_name as name, r.requested > 0 as requested from synced_calendars c
    join sync_requests r on r.synced_calendar_id = c.id where c.purpose = 'busy' order by c.calendar_name collate "C"`
  const checkbox = (name: string) => myCalendar(page).getByRole('checkbox', { name: `Blocks my time: ${name}` })
  const save = () => myCalendar(page).getByRole('button', { name: 'Save' }).click()
  const grants = (email: string) =>
    [...google.world.state.oauth.refreshTokens.values()].filter((token) => token.email === email)
  await linkedWork(app, google)
  await enter(page.context(), { app, email: staff })

  await test.step('not linked', async () => {
    await page.goto(`${app.url}/settings/calendar`)
    await expect(page.getByRole('region', { name: 'Business calendar' })).toContainText('Only the owner can link')
    await expect(page.getByRole('button', { name: 'Link Calendar' })).toHaveCount(1)
    await inEveryLayout(page, 'my-calendar-not-linked', axe)
  })

  await test.step('linked with permission to read', async () => {
    await goToConsent(page, app.url, { email: ownAccount, region: myCalendar })
    await expect(page.getByText('View events on all your calendars')).toBeVisible()
    await expect(page.getByText('View and edit events')).toHaveCount(0)
    await allowAll(page)
    await expect(myCalendar(page).getByText('Google is connected.')).toBeVisible()
    await expect(myCalendar(page).getByText(ownAccount, { exact: true }).first()).toBeVisible()
    await expect(checkbox(clinic)).not.toBeChecked()
    await expect(myCalendar(page).getByRole('button', { name: 'Sync now' })).toHaveCount(0)
    await inEveryLayout(page, 'my-calendar-choose', axe)
    expect(await busy()).toEqual([])
  })

  await test.step('ticked', async () => {
    await checkbox(clinic).check()
    await checkbox(ownAccount).check()
    await save()
    await expect(myCalendar(page).getByText('Saved. 2 calendars block your time.')).toBeVisible()
    expect(await busy()).toEqual([
      { name: clinic, requested: true },
      { name: ownAccount, requested: true },
    ])
    await expect(myCalendar(page).getByRole('button', { name: 'Sync now' })).toBeVisible()
    await page.reload()
    await expect(checkbox(clinic)).toBeChecked()
    await expect(page.getByText('Loading your calendars')).toHaveCount(0)
    await inEveryLayout(page, 'my-calendar-linked', axe)
  })

  await test.step('nothing of it is shown to the owner', async () => {
    const other = await browser.newContext()
    await enter(other, { app, email: owner })
    const tab = await other.newPage()
    const read = async (path: string) => (await other.request.get(`${app.url}${path}`)).text()
    await tab.goto(`${app.url}/settings/calendar`)
    await expect(myCalendar(tab).getByRole('button', { name: 'Link Calendar' })).toBeVisible()
    const paths = ['/settings/calendar', '/settings/activity', '/settings/team', '/api/activity/csv']
    for (const path of paths) {
      const text = await read(path)
      for (const word of [clinic, clinicId, ownAccount]) expect(text, path).not.toContain(word)
    }
    expect(await read('/settings/activity')).toContain('linked their own Google account')
    expect(await read('/api/calendar/mine')).toBe('{"forAppointments":[],"toBlock":[]}')
    await other.close()
  })

  await test.step('unticked, also while Google is down', async () => {
    allowConsole(/503/)
    google.world.faults.push({ match: { operation: 'calendarList.list' }, kind: 'status', status: 503 })
    await page.reload()
    await expect(myCalendar(page).getByText('Google did not answer.')).toBeVisible()
    await inEveryLayout(page, 'my-calendar-google-down', axe)
    await checkbox(ownAccount).uncheck()
    await save()
    await expect(myCalendar(page).getByText('Saved. 1 calendar blocks your time.')).toBeVisible()
    expect((await busy()).map(({ name }) => name)).toEqual([clinic])
    google.world.faults.length = 0
    await myCalendar(page).getByRole('button', { name: 'Try again' }).click()
    // Only Google's list says which calendar is the primary one.
    await expect(myCalendar(page).getByRole('listitem').filter({ hasText: 'primary' })).toBeVisible()
    await expect(checkbox(ownAccount)).not.toBeChecked()
  })

  await test.step('access revoked at Google: Reconnect', async () => {
    google.person.revokeAccess({ email: ownAccount })
    await app.sql`update google_accounts set access_token_expires_at = now() where google_email = ${ownAccount}`
    await myCalendar(page).getByRole('button', { name: 'Sync now' }).click()
    const reconnect = myCalendar(page).getByRole('button', { name: 'Reconnect Google' })
    await expect(reconnect.first()).toBeVisible({ timeout: 20_000 })
    await expect(page.getByRole('region', { name: 'Business calendar' }).getByText(/^Up to date/)).toBeVisible()
    await reconnect.first().click()
    await allowAll(page)
    await expect(myCalendar(page).getByText('Google is reconnected.')).toBeVisible()
    await expect(checkbox(clinic)).toBeChecked()
  })

  await test.step('unlinked', async () => {
    await myCalendar(page).getByRole('button', { name: 'Unlink Google' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink Google' }).click()
    await expect(myCalendar(page).getByText('Your Google account is unlinked.')).toBeVisible()
    await expect(myCalendar(page).getByRole('button', { name: 'Link Calendar' })).toBeVisible()
    expect(await busy()).toEqual([])
    await expect.poll(() => grants(ownAccount)).toEqual([])
    expect(grants(owner)).not.toEqual([])
  })
})
