import { Temporal } from 'temporal-polyfill'
import { expect, test } from './fixtures/fixtures.ts'
import {
  at,
  book,
  boxOf,
  clockOf,
  drag,
  enter,
  openCalendar,
  quietDay,
  shown,
  spoken,
  storedTimes,
  zone,
} from './steps/calendar.ts'
import { owner } from './steps/steps.ts'

test('resizing across midnight and across both daylight saving changes keeps the drawn wall time', async ({
  page,
  app,
}) => {
  await page.setViewportSize({ width: 1280, height: 1600 })
  await enter(page.context(), { app, email: owner })
  const now = Temporal.Now.zonedDateTimeISO(zone)
  const first = now.getTimeZoneTransition('next')
  const second = first?.getTimeZoneTransition('next')
  for (const change of [first, second]) {
    if (!change) throw new Error('Sydney has no daylight saving in this data.')
    const eve = change.toPlainDate().subtract({ days: 1 })
    const id = await book(app, { title: 'Night shift', start: at(eve, '21:00'), end: at(eve, '22:00') })
    // From Saturday into Sunday, the last column; the whole day is visible.
    await openCalendar(page, app, `?view=week&date=${eve}`)
    const clock = await clockOf(page)
    const box = await boxOf(shown(page, id))
    const sunday = await boxOf(page.getByRole('columnheader', { name: spoken(eve.add({ days: 1 })) }))
    const edge = { x: box.x + box.width / 2, y: box.y + box.height - 1 }
    await page.mouse.move(edge.x, edge.y)
    await drag(page, edge, { x: sunday.x + sunday.width / 2, y: clock.y(4) - 1 }, async () => {
      await expect(page.getByText('until 4 am').first()).toBeVisible()
    })
    await expect.poll(() => storedTimes(app, id)).toBe(`${eve}T21:00 to ${eve.add({ days: 1 })}T04:00`)
  }
})

test('dragging in the month view over a daylight saving change keeps the time of day', async ({ page, app }) => {
  const change = Temporal.Now.zonedDateTimeISO(zone).getTimeZoneTransition('next')
  if (!change) throw new Error('Sydney has no daylight saving in this data.')
  const [before, after] = [change.toPlainDate().subtract({ days: 2 }), change.toPlainDate().add({ days: 2 })]
  const id = await book(app, { title: 'Same hour', start: at(before, '09:30'), end: at(before, '10:30') })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=month&date=${change.toPlainDate()}`)
  const box = await boxOf(shown(page, id))
  const target = await boxOf(page.locator(`[data-date="${after}"]`).first())
  await drag(page, { x: box.x + 20, y: box.y + 8 }, { x: target.x + target.width / 2, y: target.y + target.height / 2 })
  await expect.poll(() => storedTimes(app, id)).toBe(`${after}T09:30 to ${after}T10:30`)
})

test('in a browser of another zone, times are those of the business, and the page says so', async ({
  browser,
  app,
}) => {
  const day = quietDay()
  const id = await book(app, { title: 'Sydney time', start: at(day, '09:00'), end: at(day, '10:00') })
  const context = await browser.newContext({ timezoneId: 'Europe/Lisbon', locale: 'pt-PT' })
  await enter(context, { app, email: owner })
  const page = await context.newPage()
  await openCalendar(page, app, `?view=day&date=${day}`)
  await expect(page.getByText('Times are in Sydney time; you are in Lisbon.')).toBeVisible()
  await expect(shown(page, id)).toHaveAccessibleName(/9:00 am to 10:00 am/)
  await context.close()
})

test('a browser without Temporal gets a polyfill', async ({ page, app }) => {
  const day = quietDay()
  const id = await book(app, { title: 'Any browser', start: at(day, '09:00'), end: at(day, '10:00') })
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'Temporal'))
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  expect(await page.evaluate(() => String(Temporal.Now.instant))).not.toContain('[native code]')
  await shown(page, id).focus()
  await page.keyboard.press('Alt+ArrowDown')
  await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:15 to ${day}T10:15`)
})
