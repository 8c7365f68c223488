import { expect, test } from './fixtures/fixtures.ts'
import { at, enter, openCalendar, quietDay } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { linkedWork } from './steps/link.ts'
import { allowAll, goToConsent, myCalendar, owner, staff } from './steps/steps.ts'
import { columnOf } from './steps/team-day.ts'

const ownAccount = 'mia.private@gmail.example'
const planted = /planted/i

test('a member is busy on the calendar while a calendar of their own says so, and no one reads why', async ({
  page,
  app,
  google,
  axe,
  browser,
}) => {
  test.slow()
  const day = quietDay()
  google.person.addAccount({ email: ownAccount, name: 'Mia Chen', timeZone: 'Australia/Sydney' })
  google.person.create({
    email: ownAccount,
    calendarId: ownAccount,
    event: {
      summary: 'Planted clinic',
      description: 'Planted notes',
      location: 'Planted Street 1',
      start: { dateTime: at(day, '10:00') },
      end: { dateTime: at(day, '11:30') },
    },
  })
  await linkedWork(app, google)
  const own = await browser.newContext()
  await enter(own, { app, email: staff })
  const mia = await own.newPage()
  await goToConsent(mia, app.url, { email: ownAccount, region: myCalendar })
  await allowAll(mia)
  await myCalendar(mia)
    .getByRole('checkbox', { name: `Blocks my time: ${ownAccount}` })
    .check()
  await myCalendar(mia).getByRole('button', { name: 'Save' }).click()
  await expect(
    myCalendar(mia)
      .getByText(/^Up to date/)
      .first(),
  ).toBeVisible({ timeout: 20_000 })

  await enter(page.context(), { app, email: owner })
  const busy = page.getByRole('button', { name: /^Busy \(Mia\)/ })

  await test.step('in every view, locked, without a word of it', async () => {
    for (const view of ['week', 'day', 'team', 'list']) {
      await openCalendar(page, app, `?view=${view}&date=${day}`)
      await expect(busy.or(page.getByRole('link', { name: /^Busy \(Mia\)/ })).first()).toBeVisible()
      expect(await page.content()).not.toMatch(planted)
      await inEveryLayout(page, `busy-${view}`, axe)
    }
    await openCalendar(page, app, `?view=team&date=${day}`)
    await expect(columnOf(page, 'Mia Chen').getByRole('button', { name: /^Busy/ })).toHaveCount(1)
    await expect(columnOf(page, 'Tom Okafor').getByRole('button', { name: /^Busy/ })).toHaveCount(0)
  })

  await test.step('others see the time and nothing else', async () => {
    await openCalendar(page, app, `?view=day&date=${day}`)
    await busy.click()
    const dialog = page.getByRole('dialog', { name: 'Busy (Mia)' })
    await expect(dialog).toContainText('Sophiie knows the time and nothing else.')
    await expect(dialog.getByRole('link')).toHaveCount(0)
    await inEveryLayout(page, 'busy-dialog', axe)
    await dialog.getByRole('button', { name: 'Done' }).click()
  })

  await test.step('a booking at that time clashes', async () => {
    await openCalendar(page, app, `?view=team&date=${day}`)
    await columnOf(page, 'Mia Chen').getByRole('button', { name: 'Book Mia Chen' }).click()
    const form = page.getByRole('dialog', { name: 'New appointment' })
    await form.getByLabel('Title').fill('Clashing visit')
    await form.getByLabel('Start', { exact: true }).fill('10:30')
    await form.getByLabel('End', { exact: true }).fill('11:00')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByRole('button', { name: 'Book anyway' })).toBeVisible()
    await expect(form.getByText('Busy (Mia)').first()).toBeVisible()
    expect(await app.sql`select 1 from appointments where title = 'Clashing visit'`).toHaveLength(0)
    await inEveryLayout(page, 'busy-clash', axe)
  })

  await test.step('the member herself gets to the event in Google', async () => {
    await openCalendar(mia, app, `?view=day&date=${day}`)
    await mia.getByRole('button', { name: /^Busy,/ }).click()
    const dialog = mia.getByRole('dialog', { name: 'Busy', exact: true })
    await expect(dialog.getByRole('link', { name: 'Open in Google Calendar' })).toBeVisible()
    expect(await mia.content()).not.toMatch(planted)
  })
  await own.close()
})
