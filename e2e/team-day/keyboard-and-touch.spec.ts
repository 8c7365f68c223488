import { devices, type Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from '../fixtures/fixtures.ts'
import {
  at,
  book,
  boxOf,
  enter,
  fingerOf,
  memberId,
  openCalendar,
  quietDay,
  storedTimes,
  zone,
} from '../steps/calendar.ts'
import { owner, staff } from '../steps/steps.ts'
import { columnOf, eventIn, gridOf, storedPlace } from '../steps/team-day.ts'

test('opening, moving, resizing and reassigning work by keyboard alone', async ({ page, app, axe }) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const id = await book(app, { title: 'Typed', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  await enter(page.context(), { app, email: staff })
  await openCalendar(page, app, `?view=day&date=${day}`)
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard' })
  await expect(keys).toContainText('Month, week, day, team, list')
  await expect(keys).toContainText('in the team view, to another member')
  await page.keyboard.press('Escape')
  await page.keyboard.press('t')
  await expect(page.getByRole('button', { name: 'Team', pressed: true })).toBeVisible()
  expect(new URL(page.url()).searchParams.get('view')).toBe('team')
  await eventIn(page, 'Mia Chen', 'Typed').focus()
  const steps: [keys: string, column: string, place: string][] = [
    ['Alt+ArrowDown', 'Mia Chen', `Mia Chen ${day}T09:15 to ${day}T10:15`],
    ['Alt+ArrowRight', 'Ravi Patel', `Ravi Patel ${day}T09:15 to ${day}T10:15`],
    ['Alt+Shift+ArrowDown', 'Ravi Patel', `Ravi Patel ${day}T09:15 to ${day}T10:30`],
    ['Alt+ArrowRight', 'Tom Okafor', `Tom Okafor ${day}T09:15 to ${day}T10:30`],
    // There is no column to the right.
    ['Alt+ArrowRight', 'Tom Okafor', `Tom Okafor ${day}T09:15 to ${day}T10:30`],
    ['Alt+ArrowLeft', 'Ravi Patel', `Ravi Patel ${day}T09:15 to ${day}T10:30`],
  ]
  for (const [pressed, column, place] of steps) {
    await page.keyboard.press(pressed)
    await expect(eventIn(page, column, 'Typed')).toBeFocused()
    await expect.poll(() => storedPlace(app, id)).toBe(place)
  }
  await axe(page)
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(eventIn(page, 'Tom Okafor', 'Typed')).toBeVisible()
  await eventIn(page, 'Tom Okafor', 'Typed').press('Enter')
  await expect(page.getByRole('dialog', { name: 'Appointment' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(eventIn(page, 'Tom Okafor', 'Typed')).toBeFocused()

  await test.step('a column has a button for its member, which keeps the hours in view', async () => {
    const nine = await boxOf(page.getByText('9 am', { exact: true }))
    await page.getByRole('button', { name: 'Book Tom Okafor' }).focus()
    expect(await boxOf(page.getByText('9 am', { exact: true }))).toEqual(nine)
    await page.keyboard.press('Enter')
    const form = page.getByRole('dialog', { name: 'New appointment' })
    await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.toString())
    await expect(form.getByRole('checkbox', { name: 'Tom Okafor' })).toBeChecked()
    await page.keyboard.press('Escape')
  })
  await page.keyboard.press('.')
  await expect(page).toHaveURL(new RegExp(`date=${Temporal.Now.plainDateISO(zone)}`))
})

test('on a phone two columns are shown, the others are swiped; a long press moves between them', async ({
  browser,
  app,
  axe,
}) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const id = await book(app, { title: 'By hand', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  const context = await browser.newContext({ ...devices['Pixel 7'], timezoneId: zone })
  await enter(context, { app, email: owner })
  const page = await context.newPage()
  await openCalendar(page, app, `?view=team&date=${day}`)
  const leftOf = async (name: string) =>
    columnOf(page, name).evaluate((element) => Math.round(element.getBoundingClientRect().left))
  const width = page.viewportSize()?.width ?? 0
  // The edge of the third column shows that there is more.
  const edge = width - 50
  expect(await leftOf('Mia Chen')).toBeGreaterThan(edge)
  expect(await leftOf('Mia Chen')).toBeLessThan(width - 16)
  await axe(page)
  const finger = await fingerOf(page)
  const event = eventIn(page, 'Mia Chen', 'By hand')
  const body = await boxOf(columnOf(page, 'Olive Harbour').locator('[data-column-body]'))

  await test.step('a swipe goes on by whole columns; names and hours stay', async () => {
    const y = 600
    await finger.down(width - 30, y)
    for (const x of [300, 250, 200, 120, 60]) await finger.move(x, y)
    await finger.up()
    await expect.poll(() => leftOf('Mia Chen')).toBeLessThan(edge)
    await expect.poll(() => isSnapped(page)).toBe(true)
    await expect(page.getByText('9 am', { exact: true })).toBeInViewport()
    await expect(columnOf(page, 'Mia Chen').getByRole('heading')).toBeInViewport()
  })

  const { hour } = await gridOf(page)
  await test.step('after a long press it follows the finger to another member and time', async () => {
    await event.scrollIntoViewIfNeeded()
    const box = await boxOf(event)
    const [x, y] = [box.x + 40, box.y + 20]
    const target = await leftOf('Ravi Patel')
    const by = target > box.x && target < width - 60 ? body.width : -body.width
    const to = by > 0 ? 'Ravi Patel' : 'Olive Harbour'
    await finger.down(x, y)
    await expect(page.locator('.cal-dragged').first()).toBeAttached()
    for (const part of [0.3, 0.7, 1]) await finger.move(x + by * part, y + hour * part)
    await finger.up()
    await expect.poll(() => storedPlace(app, id)).toBe(`${to} ${day}T10:00 to ${day}T11:00`)
  })

  await test.step('a long press alone shows the edge that resizes it', async () => {
    const moved = page.locator(`[data-appointment-id="${id}"]`)
    const box = await boxOf(moved)
    await finger.down(box.x + 40, box.y + 20)
    await expect(page.locator('.cal-dragged').first()).toBeAttached()
    await finger.up()
    await expect(moved).toHaveClass(/cal-selected/)
    const edge = await boxOf(moved.locator('.cal-grip-end'))
    const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2]
    await finger.down(x, y)
    for (const part of [0.3, 0.7, 1]) await finger.move(x, y + hour * part)
    await finger.up()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T10:00 to ${day}T12:00`)
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  await test.step('a tap opens it', async () => {
    await page.locator(`[data-appointment-id="${id}"]`).tap({ position: { x: 40, y: 20 } })
    await expect(page.getByRole('dialog', { name: 'Appointment' })).toBeVisible()
  })
  await context.close()
})

/** Whether a column begins where the hours end, or the last one ends where the page ends. */
const isSnapped = (page: Page) =>
  page.evaluate(() => {
    const edges = { left: '[data-corner]', right: '.team-day' }
    const [hours, all] = Object.values(edges).map((name) => document.querySelector(name)?.getBoundingClientRect().right)
    const columns = [...document.querySelectorAll('[data-column-body]')].map((column) => column.getBoundingClientRect())
    const isAt = (a: number | undefined, b: number | undefined) => Math.abs((a ?? 0) - (b ?? 0)) < 3
    return columns.some(({ left }) => isAt(left, hours)) || isAt(columns.at(-1)?.right, all)
  })
