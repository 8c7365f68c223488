import { expect, test } from './fixtures/fixtures.ts'
import { at, book, enter, memberId, openCalendar, quietDay, shown, zone } from './steps/calendar.ts'
import { countFormats, formatsOf } from './steps/count-formats.ts'
import { owner } from './steps/steps.ts'

test('every view is accessible in dark mode; empty, loading and error states are announced', async ({
  page,
  app,
  axe,
  allowConsole,
}) => {
  allowConsole(/Failed to load resource/)
  await page.emulateMedia({ colorScheme: 'dark' })
  await enter(page.context(), { app, email: owner })
  for (const view of ['month', 'list', 'day', 'team']) {
    await openCalendar(page, app, `?view=${view}`)
    await axe(page)
  }
  await test.step('empty', async () => {
    await openCalendar(page, app, '?view=list&date=2035-01-01')
    await expect(page.getByText('Nothing here yet.')).toBeVisible()
    await axe(page)
  })
  await test.step('loading', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/api/calendar?*', async (route) => released.then(() => route.continue()))
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByText('Loading appointments')).toBeVisible()
    release()
    await expect(page.getByText('Loading appointments')).toBeHidden()
    await page.unroute('**/api/calendar?*')
  })
  await test.step('error', async () => {
    await page.route('**/api/calendar?*', (route) =>
      route.fulfill({ status: 400, json: { code: 'invalid', message: 'No.' } }),
    )
    await page.getByRole('button', { name: 'Next' }).click()
    const failed = page.getByRole('alert').filter({ hasText: 'could not be loaded' })
    await expect(failed).toBeVisible()
    await axe(page)
    await page.unroute('**/api/calendar?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(failed).toHaveCount(0)
  })
})

test('two thousand events in a month: all counted, few rendered, none rendered again while a form is filled in', async ({
  page,
  app,
}) => {
  const day = quietDay().add({ months: 3 })
  const month = day.with({ day: 1 })
  const [business] = await app.sql`select id from businesses limit 1`
  await app.sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    select ${business?.id}, 'Visit ' || n, ${at(month, '06:00')}::timestamptz + n % 28 * interval '1 day' + n * interval '20 seconds',
      ${at(month, '06:00')}::timestamptz + n % 28 * interval '1 day' + (n + 60) * interval '20 seconds'
    from generate_series(1, 2000) n`
  await enter(page.context(), { app, email: owner })
  await countFormats(page)
  await openCalendar(page, app, `?view=month&date=${day}`)
  const more = page.getByRole('button', { name: /^\+?\d+ more/ })
  await expect(more.first()).toBeVisible()
  const drawn = await page.locator('[data-appointment-id]:visible').count()
  const behind = (await more.allTextContents()).map((text) => Number.parseInt(text.replace('+', ''), 10))
  expect(behind.reduce((sum, count) => sum + count, drawn)).toBe(2000)
  expect(drawn).toBeLessThan(42 * 10)
  const formatsInTwoFrames = () =>
    page.evaluate(async () => {
      const before = window.formatCalls
      for (const _ of ['one', 'two']) await new Promise((next) => requestAnimationFrame(next))
      return window.formatCalls - before
    })
  // The form's code is loaded and the calendar has its layout before counting starts.
  await page.keyboard.press('n')
  await expect(page.getByRole('dialog').getByLabel('Title')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect.poll(formatsInTwoFrames).toBe(0)
  const before = await formatsOf(page)
  expect(before).toBeGreaterThan(drawn)
  await page.keyboard.press('n')
  await page.getByRole('dialog').getByLabel('Title').fill('One more')
  await page.getByRole('dialog').getByLabel('Start').fill('18:00')
  expect((await formatsOf(page)) - before).toBeLessThan(drawn)
})

test('no layout shift while the calendar, its events and notices load', async ({ browser, app }) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const span = { start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds }
  const id = await book(app, { title: 'Twice', ...span })
  await book(app, { title: 'Twice too', ...span })
  // All notices at once: a clash, and another time zone.
  const context = await browser.newContext({ timezoneId: 'Europe/Lisbon' })
  await enter(context, { app, email: owner })
  const page = await context.newPage()
  // With the font in the browser's cache: its first load may move a word to the next line.
  await openCalendar(page, app)
  await page.addInitScript(() => {
    window.jumped = 0
    new PerformanceObserver((list) => {
      for (const { value } of list.getEntries() as (PerformanceEntry & { value: number })[]) window.jumped += value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  for (const width of [1280, 390])
    for (const view of ['week', 'day', 'team', 'month', 'list']) {
      await page.setViewportSize({ width, height: 800 })
      await openCalendar(page, app, `?view=${view}&date=${day}`)
      await expect(shown(page, id)).toBeVisible()
      await expect(page.getByText('2 appointments clash.')).toBeVisible()
      await expect(page.getByText('Times are in Sydney time')).toBeVisible()
      expect(await page.evaluate(() => window.jumped), `${view} at ${width} px`).toBeLessThan(0.001)
    }
  await context.close()
})

test('the code of another view is loaded when it is shown; the last view stays until then', async ({
  page,
  app,
  axe,
  allowConsole,
}) => {
  allowConsole(/Failed to load resource/, /ERR_/)
  const day = quietDay()
  const id = await book(app, { title: 'Steady', start: at(day, '09:00'), end: at(day, '10:00') })
  await enter(page.context(), { app, email: owner })
  const scripts = '**/_next/static/chunks/*.js'
  const failed = page.getByRole('alert').filter({ hasText: 'This view could not be loaded' })
  const view = (name: string) => page.locator(`[data-view="${name}"]`)

  await test.step('slowly: progress, and the week as it was', async () => {
    await openCalendar(page, app, `?view=week&date=${day}`)
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route(scripts, async (route) => released.then(() => route.continue()))
    await page.keyboard.press('l')
    await expect(page.getByText('Loading the view')).toBeVisible()
    await expect(view('week')).toBeVisible()
    await expect(shown(page, id)).toBeVisible()
    await expect(page.getByRole('button', { name: 'List' })).toHaveAttribute('aria-pressed', 'true')
    release()
    await expect(view('list')).toBeVisible()
    await expect(shown(page, id)).toBeVisible()
    await expect(page.getByText('Loading the view')).toBeHidden()
    await page.unroute(scripts)
  })

  await test.step('not at all: one sentence, the views that are loaded, and another attempt', async () => {
    await openCalendar(page, app, `?view=week&date=${day}`)
    await page.route(scripts, (route) => route.abort())
    await page.keyboard.press('l')
    await expect(failed).toBeVisible()
    await axe(page)
    await page.keyboard.press('m')
    await expect(failed).toBeHidden()
    await expect(view('month')).toBeVisible()
    await expect(shown(page, id)).toBeVisible()
    await page.keyboard.press('l')
    await expect(failed).toBeVisible()
    await page.unroute(scripts)
    await failed.getByRole('button', { name: 'Try again' }).click()
    await expect(view('list')).toBeVisible()
    await expect(failed).toBeHidden()
    await expect(shown(page, id)).toBeVisible()
  })
})

test('the first view is in the page as data once, and once as its drawing', async ({ page, app }) => {
  const day = quietDay().add({ days: 14 })
  const [location, notes] = ['Unrepeatable Wharf 7', 'Unrepeatable notes']
  await book(app, { title: 'Once', location, notes, start: at(day, '09:00'), end: at(day, '11:00') })
  await enter(page.context(), { app, email: owner })
  const response = await page.context().request.get(`${app.url}/calendar?view=week&date=${day}`)
  const html = await response.text()
  const count = (text: string) => html.split(text).length - 1
  expect(count(location)).toBe(2)
  expect(count(notes)).toBe(1)
})

test('appointments are readable without scripts, and stay in place once the calendar is interactive', async ({
  browser,
  app,
}) => {
  const day = quietDay().add({ days: 7 })
  await book(app, { title: 'Early bird', start: at(day, '09:00'), end: at(day, '10:30') })
  for (const [width, view] of [
    [1280, 'week'],
    [1280, 'day'],
    [390, 'week'],
    [390, 'day'],
  ] as const) {
    const [drawn = null, interactive = null] = await Promise.all(
      [false, true].map(async (javaScriptEnabled) => {
        const context = await browser.newContext({
          ...{ javaScriptEnabled, viewport: { width, height: 800 }, timezoneId: zone },
          userAgent: width < 768 ? 'Mozilla/5.0 (Linux; Android 15) Mobile' : undefined,
        })
        await enter(context, { app, email: owner })
        const page = await context.newPage()
        if (javaScriptEnabled) await openCalendar(page, app, `?view=${view}&date=${day}`)
        else await page.goto(`${app.url}/calendar?view=${view}&date=${day}`)
        const box = await page.locator('.event-appointment', { hasText: 'Early' }).boundingBox()
        await context.close()
        return box
      }),
    )
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(
        Math.abs((drawn?.[side] ?? -9) - (interactive?.[side] ?? 9)),
        `${side}, ${view} at ${width} px`,
      ).toBeLessThan(2)
  }
})

declare global {
  interface Window {
    /** Cumulative layout shift. */
    jumped: number
  }
}
