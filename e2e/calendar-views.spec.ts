import { at, book, enter, memberId, openCalendar, quietDay, shown } from './calendar-steps.ts'
import { expect, test } from './fixtures.ts'
import { owner } from './steps.ts'

test('every view is accessible in the dark, and states of nothing, of loading and of failing are told', async ({
  page,
  app,
  axe,
  allowConsole,
}) => {
  allowConsole(/Failed to load resource/)
  await page.emulateMedia({ colorScheme: 'dark' })
  await enter(page.context(), { app, email: owner })
  for (const view of ['month', 'list', 'day']) {
    await openCalendar(page, app, `?view=${view}`)
    await axe(page)
  }
  await test.step('nothing there', async () => {
    await openCalendar(page, app, '?view=list&date=2035-01-01')
    await expect(page.getByText('Nothing here yet.')).toBeVisible()
    await axe(page)
  })
  await test.step('on its way', async () => {
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/calendar?*', async (route) => held.then(() => route.continue()))
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByText('Loading appointments')).toBeVisible()
    answer()
    await expect(page.getByText('Loading appointments')).toBeHidden()
    await page.unroute('**/api/calendar?*')
  })
  await test.step('out of reach', async () => {
    await page.route('**/api/calendar?*', (route) =>
      route.fulfill({ status: 400, json: { code: 'invalid', message: 'No.' } }),
    )
    await page.getByRole('button', { name: 'Next' }).click()
    const failed = page.getByRole('alert').filter({ hasText: 'could not be read' })
    await expect(failed).toBeVisible()
    await axe(page)
    await page.unroute('**/api/calendar?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(failed).toHaveCount(0)
  })
})

test('two thousand events in a month: all counted, and the page answers at once', async ({ page, app }) => {
  const day = quietDay()
  const month = day.with({ day: 1 })
  const [business] = await app.sql`select id from businesses limit 1`
  await app.sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    select ${business?.id}, 'Visit ' || n, ${at(month, '06:00')}::timestamptz + n * interval '20 minutes',
      ${at(month, '06:00')}::timestamptz + (n + 2) * interval '20 minutes'
    from generate_series(1, 2000) n`
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=month&date=${day}`)
  await expect(page.getByRole('button', { name: /^\+?\d+ more/ }).first()).toBeVisible()
  const opened = await page.evaluate(async () => {
    const begun = performance.now()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))
    while (!document.querySelector('dialog[open] [name=title]'))
      await new Promise((next) => requestAnimationFrame(next))
    return performance.now() - begun
  })
  expect(opened).toBeLessThan(2000)
})

test('nothing jumps while the calendar, its events and what is told of them come', async ({ page, app }) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const span = { start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds }
  const id = await book(app, { title: 'Twice', ...span })
  await book(app, { title: 'Twice too', ...span })
  await enter(page.context(), { app, email: owner })
  await page.addInitScript(() => {
    window.jumped = 0
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries() as (PerformanceEntry & { value: number })[])
        window.jumped += value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  for (const width of [1280, 390])
    for (const view of ['week', 'day', 'month', 'list']) {
      await page.setViewportSize({ width, height: 800 })
      await openCalendar(page, app, `?view=${view}&date=${day}`)
      await expect(shown(page, id)).toBeVisible()
      await expect(page.getByText('2 appointments clash.')).toBeVisible()
      expect(await page.evaluate(() => window.jumped), `${view} at ${width} px`).toBeLessThan(0.05)
    }
})

declare global {
  interface Window {
    /** The browser's own measure of what moved without being asked to. */
    jumped: number
  }
}
