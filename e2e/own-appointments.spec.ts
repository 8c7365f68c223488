import type { Page } from '@playwright/test'
import { recordWrites } from '#testing/team/placement.ts'
import { expect, type Fixtures, test } from './fixtures/fixtures.ts'
import { enter, openCalendar, quietDay } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { allowAll, goToConsent, linkWork, myCalendar, owner, staff } from './steps/steps.ts'
import { columnOf, eventIn } from './steps/team-day.ts'

const ravi = 'ravi@harbourplumbing.example'
const planted = 'Planted clinic'

/** A member links their account and chooses its primary calendar for their appointments. */
const linkOwn = async (page: Page, app: Fixtures['app'], email: string) => {
  const region = myCalendar(page)
  await goToConsent(page, app.url, { email, region: myCalendar })
  await allowAll(page)
  const choose = region.getByRole('radiogroup', { name: 'My appointments' }).getByRole('radio', { name: email })
  await choose.check()
  await region.getByRole('button', { name: 'Continue to Google' }).click()
  await allowAll(page)
  await expect(choose).toBeChecked()
  await region.getByRole('region', { name: 'My appointments' }).getByRole('button', { name: 'Save' }).click()
  await expect(region.getByText('Synchronization is active.')).toBeVisible()
  await expect(region.getByText(/^Up to date/).first()).toBeVisible({ timeout: 20_000 })
}

type Times = { start: string; end: string }

const bookInForm = async (page: Page, title: string, { start, end }: Times) => {
  await page.getByRole('button', { name: 'New appointment' }).click()
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await form.getByLabel('Title').fill(title)
  await form.getByLabel('Start', { exact: true }).fill(start)
  await form.getByLabel('End', { exact: true }).fill(end)
  await form.getByRole('checkbox', { name: 'Ravi Patel' }).check()
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form).toBeHidden()
}

/** The event of an appointment, or of a person, on a page of Google or of Sophiie. */
const named = (page: Page, title: string) => page.getByRole('button', { name: new RegExp(`^${title},`) })

/** Whose calendars are to be synced. */
const openRuns = async ({ sql }: Fixtures['app']): Promise<string[]> => {
  const rows = await sql<{ email: string }[]>`
    select google_email as email from sync_requests r join synced_calendars c on c.id = r.synced_calendar_id
      join google_accounts a on a.id = c.account_id
    where r.requested > r.processed order by google_email`
  return rows.map(({ email }) => email)
}

test('appointments in calendars of their own: booked, reassigned, deleted in Google, and busy for private reasons', async ({
  page,
  app,
  google,
  axe,
  browser,
}) => {
  test.slow()
  const day = quietDay()
  const tabOf = async (email: string) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    await enter(context, { app, email })
    return context.newPage()
  }
  const [ravis, mias] = [await tabOf(ravi), await tabOf(staff)]
  const googlePageOf = async (tab: Page, email: string) => {
    const opened = await tab.context().newPage()
    await opened.goto(`${google.url}/calendar?account=${encodeURIComponent(email)}&week=${day}`)
    await expect(opened.getByRole('main', { name: 'Week' }).getByRole('region', { name: 'Hours' })).toBeVisible()
    return opened
  }

  await test.step('the owner links the business calendar, Ravi and Mia calendars of their own', async () => {
    await enter(page.context(), { app, email: owner })
    await linkWork(page, app.url)
    await linkOwn(ravis, app, ravi)
    await linkOwn(mias, app, staff)
  })
  const [ravisGoogle, miasGoogle] = [await googlePageOf(ravis, ravi), await googlePageOf(mias, staff)]

  await test.step('Ravi books, and it appears in his Google', async () => {
    await openCalendar(ravis, app, `?view=day&date=${day}`)
    await bookInForm(ravis, 'Leaking tap', { start: '09:00', end: '10:30' })
    await bookInForm(ravis, 'Gas check', { start: '13:00', end: '14:00' })
    await expect(named(ravisGoogle, 'Leaking tap')).toBeVisible()
    await expect(named(ravisGoogle, 'Gas check')).toBeVisible()
    await expect(named(miasGoogle, 'Leaking tap')).toHaveCount(0)
    await expect(named(ravis, 'Leaking tap')).toHaveAccessibleName(/Ravi Patel, in Google$/)
    await named(ravis, 'Leaking tap').click()
    const calendars = ravis.getByRole('dialog').getByRole('list', { name: 'Calendars' }).getByRole('listitem')
    await expect(calendars).toHaveText(['Work: in Google', 'Ravi Patel: in Google'])
    await inEveryLayout(ravis, 'own-appointment', axe)
    await ravis.keyboard.press('Escape')
  })

  await test.step('the owner reassigns it to Mia: it is in her Google before it leaves his', async () => {
    await openCalendar(page, app, `?view=team&date=${day}`)
    await expect(eventIn(page, 'Ravi Patel', 'Leaking tap')).toHaveAccessibleName(/in Google$/)
    const writes = recordWrites({ google })
    const answered = Promise.withResolvers<void>()
    const slow = { kind: 'latency' as const, until: answered.promise, times: 1 }
    google.world.faults.push({ match: { operation: 'events.insert' }, ...slow })
    await eventIn(page, 'Ravi Patel', 'Leaking tap').focus()
    await page.keyboard.press('Alt+ArrowLeft')
    await expect(eventIn(page, 'Mia Chen', 'Leaking tap')).toBeVisible()
    // The run of Ravi's calendar ends while Google has not answered in Mia's.
    await expect.poll(() => openRuns(app)).toEqual([staff])
    await expect(named(ravisGoogle, 'Leaking tap')).toBeVisible()
    answered.resolve()
    await expect(named(miasGoogle, 'Leaking tap')).toBeVisible()
    await expect(named(ravisGoogle, 'Leaking tap')).toHaveCount(0)
    await expect(named(ravisGoogle, 'Gas check')).toBeVisible()
    expect(writes().filter((write) => !write.endsWith(' patch'))).toEqual(['mia insert', 'ravi delete'])
    await expect(eventIn(page, 'Mia Chen', 'Leaking tap')).toHaveAccessibleName(/Mia Chen, in Google$/)
  })

  const deleteInRavis = async (title: string) => {
    await named(ravisGoogle, title).click()
    await ravisGoogle.getByRole('dialog', { name: 'Edit event' }).getByRole('button', { name: 'Delete' }).click()
  }

  await test.step('Ravi deletes one in his Google: flagged, and put back', async () => {
    await deleteInRavis('Gas check')
    const flagged = eventIn(page, 'Ravi Patel', 'Gas check')
    const why = /needs attention: Removed in Ravi Patel’s Google Calendar\.$/
    await expect(flagged).toHaveAccessibleName(why)
    await expect(named(ravis, 'Gas check')).toHaveAccessibleName(why)
    await flagged.click()
    const dialog = page.getByRole('dialog')
    await expect(
      dialog.getByText(
        /^Removed in Ravi Patel’s Google Calendar\. .*: put it back, give it to someone else, or cancel/,
      ),
    ).toBeVisible()
    await inEveryLayout(page, 'removed-in-own', axe)
    await dialog.getByRole('button', { name: 'Put back' }).click()
    await expect(named(ravisGoogle, 'Gas check')).toBeVisible()
    await expect(flagged).toHaveAccessibleName(/Ravi Patel, in Google$/)
  })

  await test.step('deleted again: given to Mia, the question is over', async () => {
    await deleteInRavis('Gas check')
    const flagged = eventIn(page, 'Ravi Patel', 'Gas check')
    await expect(flagged).toHaveAccessibleName(/needs attention/)
    await flagged.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: 'Ravi Patel' }).uncheck()
    await dialog.getByRole('checkbox', { name: 'Mia Chen' }).check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(named(miasGoogle, 'Gas check')).toBeVisible()
    await expect(eventIn(page, 'Mia Chen', 'Gas check')).toHaveAccessibleName(/Mia Chen, in Google$/)
    await expect(named(ravisGoogle, 'Gas check')).toHaveCount(0)
  })

  await test.step('a private event in Ravi’s Google blocks him', async () => {
    await ravisGoogle.getByRole('button', { name: 'Create' }).click()
    const event = ravisGoogle.getByRole('dialog', { name: 'New event' })
    await event.getByLabel('Title').fill(planted)
    await event.getByLabel('Start date').fill(`${day}`)
    await event.getByLabel('Start time').fill('15:00')
    await event.getByLabel('End date').fill(`${day}`)
    await event.getByLabel('End time').fill('16:00')
    await event.getByLabel('Visibility').selectOption('Private')
    await event.getByRole('button', { name: 'Save' }).click()
    await expect(named(ravisGoogle, planted)).toBeVisible()
    await expect(columnOf(page, 'Ravi Patel').getByRole('button', { name: /^Busy \(Ravi\), .*3:00 pm/ })).toBeVisible()
    await columnOf(page, 'Ravi Patel').getByRole('button', { name: 'Book Ravi Patel' }).click()
    const form = page.getByRole('dialog', { name: 'New appointment' })
    await form.getByLabel('Title').fill('Clashing visit')
    await form.getByLabel('Start', { exact: true }).fill('15:30')
    await form.getByLabel('End', { exact: true }).fill('16:30')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByRole('button', { name: 'Book anyway' })).toBeVisible()
    await expect(form.getByText('Busy (Ravi)').first()).toBeVisible()
    await inEveryLayout(page, 'own-private-clash', axe)
    await page.keyboard.press('Escape')
  })

  await test.step('its title can be read nowhere by the others', async () => {
    const span = `from=${day}&to=${day.add({ days: 1 })}`
    const paths = [
      ...[`/calendar?view=week&date=${day}`, `/calendar?view=list&date=${day}`, '/settings/calendar'],
      ...[`/api/calendar?${span}&cancelled=1`, '/api/calendar/mine', '/api/calendar/todo'],
    ]
    const ofOwner = ['/settings/activity', '/settings/team', '/api/activity/csv', '/api/business/export']
    for (const [tab, more] of [[page, ofOwner] as const, [mias, []] as const]) {
      for (const path of [...paths, ...more]) {
        const answer = await tab.request.get(`${app.url}${path}`)
        expect(answer.status(), path).toBe(200)
        expect(await answer.text(), path).not.toContain(planted)
      }
      for (const view of ['week', 'day', 'team', 'list']) {
        await openCalendar(tab, app, `?view=${view}&date=${day}`)
        await expect(tab.getByText('Busy (Ravi)').first()).toBeAttached()
        expect(await tab.content()).not.toContain(planted)
      }
    }
    const stored = await app.sql`select 1 from google_events where google_events::text like ${`%${planted}%`}`
    expect(stored).toHaveLength(0)
  })

  await test.step('Ravi’s access ends: what he books then is not in his Google, and says so', async () => {
    google.person.revokeAccess({ email: ravi })
    await app.sql`update google_accounts set access_token_expires_at = now() where google_email = ${ravi}`
    await openCalendar(ravis, app, `?view=day&date=${day}`)
    await bookInForm(ravis, 'Last visit', { start: '17:00', end: '18:00' })
    await expect(named(ravis, 'Last visit')).toHaveAccessibleName(/needs attention: Google access ended\.$/)
    await named(ravis, 'Last visit').click()
    const calendars = ravis.getByRole('dialog').getByRole('list', { name: 'Calendars' }).getByRole('listitem')
    await expect(calendars).toHaveText(['Work: in Google', 'Not in Ravi Patel’s Google: Google access ended.'])
  })
  await Promise.all([ravis, mias].map((tab) => tab.context().close()))
})
