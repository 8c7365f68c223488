import { expect, test } from '../fixtures/fixtures.ts'
import { at, book, enter, memberId, openCalendar, shown } from '../steps/calendar.ts'
import { inEveryLayout } from '../steps/layout.ts'
import { bookedStarts, openDay, weekly } from '../steps/series.ts'
import { owner } from '../steps/steps.ts'

test('an appointment gets a rule in its form, stays the first visit, and is single again after Undo', async ({
  page,
  app,
  axe,
}) => {
  const day = openDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const taken = day.add({ weeks: 1 })
  const id = await book(app, { title: 'Gutters', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  await book(app, { title: 'Blocked drain', start: at(taken, '09:00'), end: at(taken, '10:00'), assigneeIds })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await shown(page, id).click()
  const form = page.getByRole('dialog', { name: 'Appointment' })
  await form.getByLabel('Repeat').selectOption('Every week on Wednesday')
  await form.getByLabel('Ends').selectOption('After')
  await form.getByLabel('Visits', { exact: true }).fill('4')
  const choice = form.getByLabel('Clashes with “Blocked drain”')
  await choice.selectOption('Skip this date')
  await inEveryLayout(page, 'series-existing', axe)

  await test.step('a change by someone else is shown, and can be overwritten', async () => {
    await app.sql`update appointments set title = 'Gutters, theirs', revision = revision + 1 where id = ${id}`
    await form.getByRole('button', { name: 'Save 3 visits' }).click()
    await expect(form.getByText('“Gutters, theirs” has been changed by someone else.')).toBeVisible()
    await axe(page)
    await form.getByRole('button', { name: 'Save my version' }).click()
    await expect(form).toBeHidden()
  })
  await expect(page.getByText('“Gutters” repeats: every week on Wednesday, 4 times.')).toBeVisible()
  const [first, , third, fourth] = weekly(day, '09:00', 4)
  expect(await bookedStarts(app, 'Gutters')).toEqual([first, third, fourth])
  await expect(shown(page, id)).toContainText('repeats')
  await expect(shown(page, id)).toBeFocused()
  await axe(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Undone.')).toBeVisible()
  expect(await bookedStarts(app, 'Gutters, theirs')).toEqual([first])
  expect(await bookedStarts(app, 'Gutters')).toEqual([])
  await expect(shown(page, id)).not.toContainText('repeats')
})
