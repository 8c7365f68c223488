import { expect, test } from '../fixtures/fixtures.ts'
import { at, book, boxOf, drag, enter, memberId, openCalendar, quietDay, zone } from '../steps/calendar.ts'
import { inEveryLayout } from '../steps/layout.ts'
import { linkedWork } from '../steps/link.ts'
import { owner, staff, workCalendar } from '../steps/steps.ts'
import { columnOf, eventIn, gridOf } from '../steps/team-day.ts'

test('shows working hours, time off and Google events of each member; empty time opens the form', async ({
  page,
  app,
  google,
  axe,
}) => {
  // Ravi does not work on Fridays.
  const day = quietDay().subtract({ days: 2 })
  const tom = await memberId(app, 'Tom Okafor')
  const [business] = await app.sql`select id from businesses limit 1`
  await app.sql`
    insert into time_off (business_id, member_id, starts_at, ends_at, repeats, reason)
    values (${business?.id}, ${tom}, ${`${day} 13:00`}, ${`${day} 15:00`}, 'never', 'Gas course')`
  await linkedWork(app, google)
  const timed = (summary: string, from: string, to: string, attendees: string[] = []) => ({
    summary,
    start: { dateTime: at(day, from), timeZone: zone },
    end: { dateTime: at(day, to), timeZone: zone },
    attendees: attendees.map((email) => ({ email })),
  })
  const allDay = { start: { date: day.toString() }, end: { date: day.add({ days: 1 }).toString() } }
  for (const event of [
    timed('Stand-up', '08:00', '08:30'),
    timed('Dentist', '10:00', '11:00', ['mia@harbourplumbing.example']),
    { summary: 'Stocktake', ...allDay },
  ])
    google.person.create({ email: owner, calendarId: workCalendar(google), event })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=team&date=${day}`)
  const isIn = (title: string, columns: string[]) =>
    Promise.all(
      ['Unassigned', 'Olive Harbour', 'Mia Chen', 'Ravi Patel', 'Tom Okafor'].map((name) =>
        expect(eventIn(page, name, title), `${title} of ${name}`).toHaveCount(columns.includes(name) ? 1 : 0),
      ),
    )
  const everyone = ['Unassigned', 'Olive Harbour', 'Mia Chen', 'Ravi Patel', 'Tom Okafor']
  await isIn('Stand-up', everyone)
  await isIn('Stocktake', everyone)
  await isIn('Dentist', ['Mia Chen'])
  await expect(eventIn(page, 'Mia Chen', 'Dentist')).toHaveAccessibleName(/locked: a Google event/)
  await expect(columnOf(page, 'Ravi Patel')).toContainText('Not working')
  await expect(columnOf(page, 'Tom Okafor').getByRole('listitem').filter({ hasText: 'Gas course' })).toContainText(
    'Time off, 1:00 – 3:00 pm: Gas course',
  )

  await test.step('a locked event does not move, and opens its details', async () => {
    const dentist = eventIn(page, 'Mia Chen', 'Dentist')
    const box = await boxOf(dentist)
    await drag(page, { x: box.x + 30, y: box.y + 20 }, { x: box.x + 300, y: box.y + 120 })
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await dentist.press('Alt+ArrowRight')
    await expect(dentist).toBeVisible()
    await dentist.click()
    await expect(page.getByRole('dialog')).toContainText('It blocks Mia Chen')
    await page.keyboard.press('Escape')
  })

  await test.step('time off that is added meanwhile appears', async () => {
    await app.sql`
      insert into time_off (business_id, member_id, starts_at, ends_at, repeats, reason)
      values (${business?.id}, ${tom}, ${`${day} 09:00`}, ${`${day} 10:00`}, 'never', 'Dog')`
    await app.sql`select pg_notify('sophiie_changes', ${business?.id})`
    await expect(columnOf(page, 'Tom Okafor').getByRole('listitem').filter({ hasText: 'Dog' })).toHaveCount(1)
  })

  const form = page.getByRole('dialog', { name: 'New appointment' })
  const { hour, middleOf } = await gridOf(page)
  const stand = await boxOf(eventIn(page, 'Mia Chen', 'Stand-up'))
  const yAt = (time: number) => stand.y + (time - 8) * hour
  await test.step('a click opens the form with that member and time', async () => {
    await page.mouse.click(await middleOf('Mia Chen'), yAt(11.6))
    await expect(form.getByLabel('Start')).toHaveValue('11:30')
    await expect(form.getByLabel('End', { exact: true })).toHaveValue('12:30')
    await expect(form.getByRole('checkbox', { name: 'Mia Chen' })).toBeChecked()
    await page.keyboard.press('Escape')
  })
  await test.step('drawing gives the length', async () => {
    const x = await middleOf('Olive Harbour')
    await drag(page, { x, y: yAt(9) + 3 }, { x, y: yAt(10.5) - 3 }, async () => {
      await expect(page.getByText('9:00 – 10:30 am')).toBeVisible()
    })
    await expect(form.getByLabel('Start')).toHaveValue('09:00')
    await expect(form.getByLabel('End', { exact: true })).toHaveValue('10:30')
    await expect(form.getByRole('checkbox', { name: 'Olive Harbour' })).toBeChecked()
    await page.keyboard.press('Escape')
  })

  await test.step('accessible in every layout', () => inEveryLayout(page, 'team-day', axe))
  await test.step('on a phone the day scrolls, and not the page around it', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(844)
  })
})

test('staff see that others have time off, and not why', async ({ page, app }) => {
  const day = quietDay()
  const [business] = await app.sql`select id from businesses limit 1`
  for (const name of ['Mia Chen', 'Tom Okafor'])
    await app.sql`
      insert into time_off (business_id, member_id, starts_at, ends_at, repeats, reason)
      values (${business?.id}, ${await memberId(app, name)}, ${`${day} 09:00`}, ${`${day} 12:00`}, 'never', 'Private')`
  const read = page.waitForResponse(/\/api\/calendar\/working-time/)
  await enter(page.context(), { app, email: staff })
  await page.goto(`${app.url}/calendar?view=team&date=${day}`)
  const text = await (await read).text()
  const offOf = (name: string) => columnOf(page, name).getByRole('listitem').filter({ hasText: 'Time off,' })
  await expect(offOf('Mia Chen')).toHaveText('Time off, 9:00 am – 12:00 pm: Private')
  await expect(offOf('Tom Okafor')).toHaveText('Time off, 9:00 am – 12:00 pm')
  expect(text.split('Private')).toHaveLength(2)
})

test('another view and back: each keeps the day, and a printed day is one page', async ({ page, app }) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  await book(app, { title: 'Steady', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=day&date=${day}`)
  const views = ['Team', 'Week', 'Team', 'Month', 'Day']
  for (const view of views) {
    await page.getByRole('button', { name: view, exact: true }).click()
    await expect(page.locator(`[data-view="${view.toLowerCase()}"]`)).toBeVisible()
    await expect(page.locator('[data-appointment-id]', { hasText: 'Steady' }).first()).toBeVisible()
  }
  await page.goBack()
  await page.goBack()
  await expect(eventIn(page, 'Mia Chen', 'Steady')).toBeVisible()
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page).toHaveURL(new RegExp(`date=${day.add({ days: 1 })}`))
  await expect(columnOf(page, 'Mia Chen')).toContainText('0 booked')
  await page.goBack()
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true })
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
})
