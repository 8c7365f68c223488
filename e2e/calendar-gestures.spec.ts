import { devices } from '@playwright/test'
import { expect, test } from './fixtures/fixtures.ts'
import {
  at,
  book,
  boxOf,
  clockOf,
  drag,
  enter,
  fingerOf,
  openCalendar,
  quietDay,
  shown,
  spoken,
  storedTimes,
  zone,
} from './steps/calendar.ts'
import { owner, staff } from './steps/steps.ts'

test('drawing on empty time opens the form with that time; after booking, the appointment has the focus', async ({
  page,
  app,
  axe,
}) => {
  const day = quietDay().subtract({ days: 1 })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  await axe(page)
  const clock = await clockOf(page)
  const column = await boxOf(page.getByRole('columnheader', { name: spoken(day) }))
  const x = column.x + column.width / 2
  await drag(page, { x, y: clock.y(9) + 3 }, { x, y: clock.y(10.5) - 3 }, async () => {
    await expect(page.getByText('9:00 – 10:30 am')).toBeVisible()
  })
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.toString())
  await expect(form.getByLabel('Start')).toHaveValue('09:00')
  await expect(form.getByLabel('End', { exact: true })).toHaveValue('10:30')
  await expect(form.getByLabel('Title')).toBeFocused()

  await test.step('an empty title is an error at its field, and closing asks before it discards input', async () => {
    await form.getByLabel('Notes').fill('Ring twice')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByLabel('Title')).toBeFocused()
    await expect(form.getByLabel('Title')).toHaveAccessibleDescription('Give the appointment a title.')
    await axe(page)
    await page.keyboard.press('Escape')
    await form.getByRole('alertdialog').getByRole('button', { name: 'Keep editing' }).click()
    await expect(form.getByLabel('Notes')).toHaveValue('Ring twice')
  })
  await form.getByLabel('Title').fill('Leaking tap')
  await form.getByRole('button', { name: '1 h 30 min' }).click()
  await form.getByRole('button', { name: 'Save' }).click()
  const booked = page.locator('[data-appointment-id]', { hasText: 'Leaking tap' }).first()
  await expect(booked).toBeFocused()

  await test.step('a drag to another hour can be undone', async () => {
    const id = (await booked.getAttribute('data-appointment-id')) ?? ''
    const box = await boxOf(booked)
    const from = { x: box.x + 30, y: box.y + 10 }
    await drag(page, from, { x: from.x, y: from.y + clock.hour * 2 - 6 }, async () => {
      await expect(page.getByText('11:00 am – 12:30 pm').first()).toBeVisible()
    })
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T11:00 to ${day}T12:30`)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:30`)
  })
})

test('a drag continues while rows change; the changes are shown after it', async ({ page, app }) => {
  const day = quietDay().subtract({ days: 8 })
  const id = await book(app, { title: 'Dragged', start: at(day, '09:00'), end: at(day, '10:00') })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  const clock = await clockOf(page)
  const box = await boxOf(shown(page, id))
  const from = { x: box.x + 30, y: box.y + 10 }
  await drag(page, from, { x: from.x, y: from.y + clock.hour * 2 - 6 }, async () => {
    const reloaded = page.waitForResponse(/\/api\/calendar\?/)
    await book(app, { title: 'Meanwhile', start: at(day, '09:00'), end: at(day, '10:00') })
    await (await reloaded).finished()
    await expect(page.getByText('11:00 am – 12:00 pm').first()).toBeVisible()
  })
  await expect.poll(() => storedTimes(app, id)).toBe(`${day}T11:00 to ${day}T12:00`)
  await expect(page.locator('[data-appointment-id]', { hasText: 'Meanwhile' })).toBeVisible()
})

test('book, open, move, resize, cancel and undo work by keyboard alone', async ({ page, app, axe }) => {
  const day = quietDay()
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await enter(page.context(), { app, email: staff })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toContainText('Move it by a day')
  await axe(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  const form = page.getByRole('dialog')
  await expect(form.getByLabel('Title')).toBeFocused()
  const motion = await form.evaluate((element) => getComputedStyle(element).animationDuration)
  expect(Number.parseFloat(motion)).toBeLessThan(0.001)
  await page.keyboard.type('Typed only')
  await page.keyboard.press('Enter')
  await expect(form).toBeHidden()
  const booked = page.locator('[data-appointment-id]', { hasText: 'Typed only' }).first()
  await expect(booked).toBeFocused()
  const id = (await booked.getAttribute('data-appointment-id')) ?? ''
  await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:00`)

  const steps: [keys: string, times: string][] = [
    ['Alt+ArrowDown', `${day}T09:15 to ${day}T10:15`],
    ['Alt+Shift+ArrowDown', `${day}T09:15 to ${day}T10:30`],
    ['Alt+ArrowLeft', `${day.subtract({ days: 1 })}T09:15 to ${day.subtract({ days: 1 })}T10:30`],
  ]
  for (const [keys, times] of steps) {
    await page.keyboard.press(keys)
    await expect.poll(() => storedTimes(app, id)).toBe(times)
    await expect(shown(page, id)).toBeFocused()
  }
  await test.step('closing the form returns the focus', async () => {
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: 'Appointment' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(shown(page, id)).toBeFocused()
  })
  await page.keyboard.press('Enter')
  await form.getByRole('button', { name: 'Cancel appointment' }).press('Enter')
  await expect(shown(page, id)).toHaveCount(0)
  // Only one: the toasts of the earlier moves are gone.
  await axe(page)
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(shown(page, id)).toBeVisible()
})

test('on a phone: day view, form as a sheet, and touch to hold, move and resize', async ({ browser, app, axe }) => {
  const day = quietDay()
  const id = await book(app, { title: 'By hand', start: at(day, '09:00'), end: at(day, '10:00') })
  const context = await browser.newContext({ ...devices['Pixel 7'], timezoneId: zone })
  await enter(context, { app, email: staff })
  const page = await context.newPage()
  await openCalendar(page, app, `?date=${day}`)
  await expect(page.getByRole('button', { name: 'Day', pressed: true })).toBeVisible()
  await axe(page)
  const finger = await fingerOf(page)
  const { hour } = await clockOf(page)
  const event = shown(page, id)

  await test.step('after a long press it follows the finger', async () => {
    const box = await boxOf(event)
    const [x, y] = [box.x + 60, box.y + 20]
    await finger.down(x, y)
    await expect(page.locator('.cal-dragged').first()).toBeAttached()
    for (const part of [0.3, 0.7, 1]) await finger.move(x, y + hour * part)
    await finger.up()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T10:00 to ${day}T11:00`)
  })

  await test.step('its lower edge resizes it', async () => {
    const box = await boxOf(event)
    if ((await page.locator('.cal-selected').count()) === 0) {
      await finger.down(box.x + 60, box.y + 20)
      await expect(page.locator('.cal-selected').first()).toBeVisible()
      await finger.up()
    }
    const edge = await boxOf(page.locator('.cal-selected .cal-grip-end').first())
    const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2]
    await finger.down(x, y)
    for (const part of [0.3, 0.7, 1]) await finger.move(x, y + hour * part)
    await finger.up()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T10:00 to ${day}T12:00`)
  })

  await test.step('New keeps the shown day', async () => {
    await page.getByRole('link', { name: 'New' }).tap()
    const form = page.getByRole('dialog', { name: 'New appointment' })
    await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.toString())
    await axe(page)
    const sheet = await boxOf(form)
    expect(Math.round(sheet.y + sheet.height)).toBe(page.viewportSize()?.height)
    await form.getByRole('button', { name: 'Close' }).tap()
    expect(new URL(page.url()).searchParams.get('date')).toBe(day.toString())
  })
  await context.close()
})
