import { devices, type Locator } from '@playwright/test'
import { expect, test } from '../fixtures/fixtures.ts'
import { at, book, enter, memberId, openCalendar, shown, zone } from '../steps/calendar.ts'
import { inEveryLayout } from '../steps/layout.ts'
import { bookedStarts, openDay, weekly } from '../steps/series.ts'
import { owner, staff } from '../steps/steps.ts'

const repeatWeekly = async (form: Locator, { title, visits }: { title: string; visits: number }) => {
  await form.getByLabel('Title').fill(title)
  await form.getByLabel('Start').fill('09:00')
  await form.getByLabel('Repeat').selectOption('Every week on Wednesday')
  await form.getByLabel('Ends').selectOption('After')
  await form.getByLabel('Visits', { exact: true }).fill(String(visits))
}

test('the dates of a new series are shown before it is saved; a taken one gets a choice; Undo takes all back', async ({
  page,
  app,
  axe,
}) => {
  const day = openDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const taken = day.add({ weeks: 1 })
  await book(app, { title: 'Blocked drain', start: at(taken, '09:00'), end: at(taken, '10:00'), assigneeIds })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await page.keyboard.press('n')
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.toString())
  await form.getByRole('checkbox', { name: 'Mia Chen' }).check()
  await repeatWeekly(form, { title: 'Weekly clean', visits: 4 })
  const problems = form.getByRole('region', { name: 'Dates that are not free' })
  await expect(form.getByText('4 visits.')).toBeVisible()
  await expect(problems.getByText('One date is not free.')).toBeVisible()
  await inEveryLayout(page, 'series-form', axe)

  await test.step('saving without a choice asks for it', async () => {
    await form.getByRole('button', { name: 'Save' }).click()
    const choice = problems.getByLabel('Clashes with “Blocked drain”')
    await expect(choice).toBeFocused()
    await expect(choice).toHaveAccessibleDescription('Choose what happens on this date.')
    await axe(page)
    await choice.selectOption('Skip this date')
  })
  await form.getByText('All 4 dates').click()
  await expect(form.getByText('Clashes with “Blocked drain”, skipped')).toBeVisible()
  await form.getByRole('button', { name: 'Save 3 visits' }).click()
  await expect(form).toBeHidden()
  await expect(page.getByText('3 visits of “Weekly clean” are booked: every week on Wednesday, 4 times.')).toBeVisible()
  const [first, , third, fourth] = weekly(day, '09:00', 4)
  expect(await bookedStarts(app, 'Weekly clean')).toEqual([first, third, fourth])
  const event = page.locator('[data-appointment-id]', { hasText: 'Weekly clean' }).first()
  await expect(event).toBeFocused()
  await expect(event).toContainText('repeats')
  await axe(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Undone.')).toBeVisible()
  await expect(event).toBeHidden()
  expect(await bookedStarts(app, 'Weekly clean')).toEqual([])
})

test('a custom rule has weekdays and places within the month, and says what is wrong at its field', async ({
  page,
  app,
  axe,
}) => {
  const day = openDay()
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  await page.keyboard.press('n')
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await form.getByLabel('Title').fill('Mow the lawn')
  await form.getByLabel('Repeat').selectOption('Every 2 weeks on Wednesday')
  await form.getByLabel('Repeat').selectOption('Custom…')
  await expect(form.getByLabel('Every', { exact: true })).toHaveValue('2')
  await expect(form.getByRole('button', { name: 'Wednesday', pressed: true })).toBeVisible()
  await form.getByRole('button', { name: 'Friday' }).click()
  await form.getByLabel('Ends').selectOption('On a date')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form.getByLabel('Last date')).toBeFocused()
  await expect(form.getByLabel('Last date')).toHaveAccessibleDescription('Give a date.')
  await form.getByLabel('Last date').fill(day.add({ weeks: 4 }).toString())
  await expect(form.getByText('5 visits.')).toBeVisible()
  await inEveryLayout(page, 'series-custom', axe)
  await form.getByLabel('Unit').selectOption('months')
  await form.getByLabel('Day of the month').selectOption('On the last day')
  await form.getByLabel('Ends').selectOption('Never')
  await expect(form.getByText('Later ones are booked as time goes on.')).toBeVisible()
})

test('a series is booked by keyboard alone', async ({ page, app }) => {
  const day = openDay()
  await enter(page.context(), { app, email: staff })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await page.keyboard.press('n')
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await expect(form.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('Typed series')
  const tabTo = async (field: Locator) => {
    await expect(async () => {
      await page.keyboard.press('Tab')
      await expect(field).toBeFocused({ timeout: 50 })
    }).toPass()
  }
  await tabTo(form.getByLabel('Repeat'))
  await page.keyboard.type('Every week on W')
  await expect(form.getByLabel('Ends')).toBeVisible()
  await tabTo(form.getByLabel('Ends'))
  await page.keyboard.type('After')
  await tabTo(form.getByLabel('Visits', { exact: true }))
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('3')
  await expect(form.getByRole('button', { name: 'Save 3 visits' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(form).toBeHidden()
  await expect.poll(() => bookedStarts(app, 'Typed series')).toHaveLength(3)
  await expect(page.locator('[data-appointment-id]', { hasText: 'Typed series' }).first()).toBeFocused()
})

test('on a phone a series is booked, opened and found in the list', async ({ browser, app, axe }) => {
  const day = openDay()
  const context = await browser.newContext({
    ...devices['Pixel 7'],
    viewport: { width: 390, height: 844 },
    timezoneId: zone,
  })
  await enter(context, { app, email: staff })
  const page = await context.newPage()
  await openCalendar(page, app, `?date=${day}`)
  await page.getByRole('button', { name: 'New appointment' }).tap()
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await repeatWeekly(form, { title: 'Pool service', visits: 3 })
  await form.getByRole('button', { name: 'Save 3 visits' }).tap()
  await expect(form).toBeHidden()
  const [id = ''] = (
    await app.sql<{ id: string }[]>`select id from appointments where title = 'Pool service' order by starts_at`
  ).map((row) => row.id)
  await shown(page, id).tap()
  const visit = page.getByRole('dialog', { name: 'Appointment' })
  await expect(visit.getByText('Every week on Wednesday, 3 times')).toBeVisible()
  await visit.getByText('All 3 visits').tap()
  await expect(visit.getByRole('link')).toHaveCount(2)
  await axe(page)
  await page.getByRole('button', { name: 'Close' }).tap()
  await openCalendar(page, app, `?view=list&date=${day}`)
  const row = page.locator('[data-appointment-id]', { hasText: 'Pool service' }).first()
  await expect(row.getByText('Repeats', { exact: true })).toBeVisible()
  await axe(page)
  await context.close()
})
