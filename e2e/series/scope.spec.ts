import { devices } from '@playwright/test'
import { expect, test } from '../fixtures/fixtures.ts'
import { at, boxOf, clockOf, drag, enter, memberId, openCalendar, shown, zone } from '../steps/calendar.ts'
import { inEveryLayout } from '../steps/layout.ts'
import { bookedStarts, bookSeries, openDay, weekly } from '../steps/series.ts'
import { owner, staff } from '../steps/steps.ts'
import { eventIn } from '../steps/team-day.ts'

const fourTimes = { every: 1, unit: 'week', ends: { after: 4 } } as const

test('a drag asks which visits it moves; this one alone, or the following ones, each with Undo', async ({
  page,
  app,
  axe,
}) => {
  const day = openDay()
  const times = { start: at(day, '09:00'), end: at(day, '10:00') }
  const { visits } = await bookSeries(app, { title: 'Gutters', ...times, repeat: fourTimes })
  const [, second = ''] = visits.map(({ id }) => id)
  const week = day.add({ weeks: 1 })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=week&date=${week}`)
  const clock = await clockOf(page)
  const dragDown = async (hours: number) => {
    const box = await boxOf(shown(page, second))
    const from = { x: box.x + 30, y: box.y + 10 }
    await drag(page, from, { x: from.x, y: from.y + clock.hour * hours - 6 })
  }
  const question = page.getByRole('dialog', { name: 'Move which visits?' })
  const [first, before, third, fourth] = weekly(day, '09:00', 4)

  await test.step('this visit alone', async () => {
    await dragDown(2)
    await expect(question.getByText('11:00 am – 12:00 pm')).toBeVisible()
    await expect(question.getByRole('radio', { name: 'This visit' })).toBeFocused()
    await inEveryLayout(page, 'series-move', axe)
    await question.getByRole('button', { name: 'Move this visit' }).click()
    await expect.poll(() => bookedStarts(app, 'Gutters')).toEqual([first, `${week}T11:00`, third, fourth])
    await expect(shown(page, second)).toContainText('repeats')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => bookedStarts(app, 'Gutters')).toEqual([first, before, third, fourth])
  })

  await test.step('this and the following ones', async () => {
    await expect(page.getByText('is back at its old time')).toBeVisible()
    await dragDown(2)
    await question.getByRole('radio', { name: 'This and following' }).check()
    await question.getByRole('button', { name: 'Move 3 visits' }).click()
    await expect(question).toBeHidden()
    expect(await bookedStarts(app, 'Gutters')).toEqual([first, ...weekly(week, '11:00', 3)])
    await expect(page.getByText('3 visits of “Gutters” are changed.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByText('Undone.')).toBeVisible()
    expect(await bookedStarts(app, 'Gutters')).toEqual([first, before, third, fourth])
  })

  await test.step('closing the question leaves the visit where it was', async () => {
    await dragDown(1)
    await question.getByRole('button', { name: 'Back' }).click()
    await expect(question).toBeHidden()
    await expect(shown(page, second)).toBeVisible()
    expect(await bookedStarts(app, 'Gutters')).toEqual([first, before, third, fourth])
  })
})

test('by keyboard: the following ones move, a taken date gets a choice, and all upcoming ones are cancelled', async ({
  page,
  app,
  axe,
}) => {
  const day = openDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const times = { start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds }
  const { visits } = await bookSeries(app, { title: 'Windows', ...times, repeat: fourTimes })
  const taken = day.add({ weeks: 2 })
  const other = { start: at(taken, '10:00'), end: at(taken, '11:00'), assigneeIds }
  await bookSeries(app, { title: 'Oven', ...other, repeat: { ...fourTimes, ends: { after: 1 } } })
  const [id = ''] = visits.map((visit) => visit.id)
  await enter(page.context(), { app, email: staff })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await shown(page, id).focus()
  await page.keyboard.press('Alt+ArrowDown')
  const question = page.getByRole('dialog', { name: 'Move which visits?' })
  await expect(question.getByRole('radio', { name: 'This visit' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(question.getByRole('radio', { name: 'This and following' })).toBeChecked()
  await expect(question.getByRole('button', { name: 'Move 4 visits' })).toBeVisible()
  await page.keyboard.press('Enter')
  const choice = question.getByLabel('Clashes with “Oven”')
  await expect(choice).toBeFocused()
  await inEveryLayout(page, 'series-move-taken', axe)
  await page.keyboard.type('Book')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  expect(await bookedStarts(app, 'Windows')).toEqual(weekly(day, '09:15', 4))
  await expect(shown(page, id)).toBeFocused()

  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog', { name: 'Appointment' })
  await form.getByRole('button', { name: 'Cancel appointment' }).press('Enter')
  const cancelling = page.getByRole('dialog', { name: 'Cancel which visits?' })
  await expect(cancelling.getByRole('radio', { name: 'This visit' })).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(cancelling.getByRole('radio', { name: 'All upcoming' })).toBeChecked()
  await axe(page)
  await page.keyboard.press('Enter')
  await expect(form).toBeHidden()
  await expect(shown(page, id)).toBeHidden()
  expect(await bookedStarts(app, 'Windows')).toEqual([])
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(shown(page, id)).toBeVisible()
  expect(await bookedStarts(app, 'Windows')).toEqual(weekly(day, '09:15', 4))
})

test('an edit keeps the visits that were changed one by one, unless they are to change too', async ({
  page,
  app,
  axe,
}) => {
  const day = openDay()
  const times = { start: at(day, '09:00'), end: at(day, '10:00') }
  const { visits } = await bookSeries(app, { title: 'Hedges', ...times, repeat: fourTimes })
  const [first = '', second = ''] = visits.map(({ id }) => id)
  await enter(page.context(), { app, email: owner })
  const form = page.getByRole('dialog', { name: 'Appointment' })
  const question = page.getByRole('dialog', { name: 'Save which visits?' })
  const locations = async () =>
    (
      await app.sql<{ location: string }[]>`
        select location from appointments where title = 'Hedges' order by starts_at`
    ).map((row) => row.location)

  await openCalendar(page, app, `?appointment=${second}`)
  await form.getByLabel('Location').fill('Side gate')
  await form.getByRole('button', { name: 'Save' }).click()
  await question.getByRole('button', { name: 'Save this visit' }).click()
  await expect(form).toBeHidden()
  await expect.poll(locations).toEqual(['', 'Side gate', '', ''])

  await openCalendar(page, app, `?appointment=${first}`)
  await expect(form.getByText('Every week on Wednesday, 4 times')).toBeVisible()
  await form.getByLabel('Location').fill('Front gate')
  await form.getByRole('button', { name: 'Save' }).click()
  await question.getByRole('radio', { name: 'All upcoming' }).check()
  const too = question.getByRole('checkbox', { name: 'Change those too' })
  await expect(too).not.toBeChecked()
  await expect(question.getByText('One of them was changed by itself.')).toBeVisible()
  await inEveryLayout(page, 'series-changed', axe)
  await question.getByRole('button', { name: 'Save 4 visits' }).click()
  await expect(form).toBeHidden()
  expect(await locations()).toEqual(['Front gate', 'Side gate', 'Front gate', 'Front gate'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('Undone.')).toBeVisible()
  expect(await locations()).toEqual(['', 'Side gate', '', ''])

  await openCalendar(page, app, `?appointment=${first}`)
  await form.getByLabel('Location').fill('Back gate')
  await form.getByRole('button', { name: 'Save' }).click()
  await question.getByRole('radio', { name: 'This and following' }).check()
  await too.check()
  await question.getByRole('button', { name: 'Save 4 visits' }).click()
  await expect(form).toBeHidden()
  expect(await locations()).toEqual(['Back gate', 'Back gate', 'Back gate', 'Back gate'])
})

test('the rule of a series is changed from one of its visits, whose others are linked', async ({ page, app, axe }) => {
  const day = openDay()
  const times = { start: at(day, '09:00'), end: at(day, '10:00') }
  const { visits } = await bookSeries(app, { title: 'Pool', ...times, repeat: fourTimes })
  const [, second = '', third = ''] = visits.map(({ id }) => id)
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?appointment=${third}`)
  const form = page.getByRole('dialog', { name: 'Appointment' })
  await form.getByText('All 4 visits').click()
  await inEveryLayout(page, 'series-visit', axe)
  await form.getByRole('link').nth(1).click()
  await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.add({ weeks: 1 }).toString())
  await form.getByRole('button', { name: 'Change how it repeats' }).click()
  await form.getByLabel('Visits', { exact: true }).fill('3')
  await form.getByRole('button', { name: 'Save' }).click()
  const question = page.getByRole('dialog', { name: 'Save which visits?' })
  await expect(question.getByRole('radio')).toHaveCount(2)
  await question.getByRole('radio', { name: 'All upcoming' }).check()
  await question.getByRole('button', { name: 'Save 4 visits' }).click()
  await expect(form).toBeHidden()
  expect(await bookedStarts(app, 'Pool')).toEqual(weekly(day, '09:00', 3))
  await expect(shown(page, second)).toBeVisible()
})

test('on the team view, a visit and the following ones are reassigned', async ({ page, app, axe }) => {
  const day = openDay()
  const assigneeIds = [await memberId(app, 'Olive Harbour')]
  const times = { start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds }
  await bookSeries(app, { title: 'Bins', ...times, repeat: fourTimes })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=team&date=${day}`)
  await eventIn(page, 'Olive Harbour', 'Bins').focus()
  await page.keyboard.press('Alt+ArrowRight')
  const question = page.getByRole('dialog', { name: 'Reassign which visits?' })
  await expect(question.getByText('Mia Chen')).toBeVisible()
  await question.getByRole('radio', { name: 'This and following' }).check()
  await axe(page)
  await question.getByRole('button', { name: 'Reassign 4 visits' }).click()
  await expect(question).toBeHidden()
  await expect(eventIn(page, 'Mia Chen', 'Bins')).toBeVisible()
  const names = await app.sql<{ name: string }[]>`
    select members.name from appointments
    join appointment_assignees on appointment_id = appointments.id
    join members on members.id = member_id where title = 'Bins'`
  expect(names.map(({ name }) => name)).toEqual(Array(4).fill('Mia Chen'))
})

test('on a phone, all upcoming visits are cancelled and come back', async ({ browser, app, axe }) => {
  const day = openDay()
  const times = { start: at(day, '09:00'), end: at(day, '10:00') }
  const { visits } = await bookSeries(app, { title: 'Solar', ...times, repeat: fourTimes })
  const [id = ''] = visits.map((visit) => visit.id)
  const phone = { ...devices['Pixel 7'], viewport: { width: 390, height: 844 }, timezoneId: zone }
  const context = await browser.newContext(phone)
  await enter(context, { app, email: staff })
  const page = await context.newPage()
  await openCalendar(page, app, `?date=${day}`)
  await shown(page, id).tap()
  await page.getByRole('dialog', { name: 'Appointment' }).getByRole('button', { name: 'Cancel appointment' }).tap()
  const question = page.getByRole('dialog', { name: 'Cancel which visits?' })
  await question.getByText('All upcoming').tap()
  await axe(page)
  await question.getByRole('button', { name: 'Cancel 4 visits' }).tap()
  await expect(question).toBeHidden()
  expect(await bookedStarts(app, 'Solar')).toEqual([])
  await page.getByRole('button', { name: 'Undo' }).tap()
  await expect(shown(page, id)).toBeVisible()
  expect(await bookedStarts(app, 'Solar')).toHaveLength(4)
  await context.close()
})
