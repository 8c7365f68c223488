import type { Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'
import type { Row } from '../results.ts'
import { median, ms } from '../statistics.ts'
import { fill, type Stage, zone } from './stage.ts'

const loads = 5
const opens = 7

/** 200 in a week, where they are dragged; 2,000 in a month, the most that is looked at at once. */
export const measureInteraction = async (stage: Stage): Promise<Row[]> => {
  const today = Temporal.Now.plainDateISO(zone)
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  const from = (date: Temporal.PlainDate) =>
    date.toZonedDateTime({ timeZone: zone, plainTime: '07:00' }).toInstant().toString()
  await fill(stage, 200, from(monday), 7)
  const few = await measureView(stage, 'week', '200 in a week')
  await fill(stage, 2000, from(today.with({ day: 1 })), 28)
  const many = await measureView(stage, 'month', '2,000 in a month')
  return [...few, ...many]
}

const measureView = async (stage: Stage, view: string, what: string): Promise<Row[]> => {
  const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addCookies([stage.session])
  const page = await context.newPage()
  const address = `${stage.url}/calendar?view=${view}`
  await page.addInitScript(watchFirstEvent)
  const firsts: number[] = []
  const touchable: number[] = []
  for (let n = 0; n < loads; n++) {
    await page.goto(address)
    await page.waitForFunction(() => window.firstEventAt && window.firstTouchableAt)
    firsts.push(await page.evaluate(() => window.firstEventAt))
    touchable.push(await page.evaluate(() => window.firstTouchableAt))
  }
  await page.waitForLoadState('networkidle').catch(() => {})
  const opened: number[] = []
  for (let n = 0; n < opens; n++) opened.push(await openForm(page))
  const dragged = await dragOne(page)
  await context.close()
  const [cold = 0, ...warm] = opened
  return [
    {
      work: `first event shown, ${what}, browser cache warm`,
      reach: '< 1,000 ms after the address was asked for',
      measured: `${ms(median(firsts.slice(1)))} (median of ${loads - 1}; ${ms(firsts[0] ?? 0)} with an empty cache)`,
      floor: '—',
      met: median(firsts.slice(1)) < 1000,
    },
    {
      work: `first event that can be touched, ${what}, browser cache warm`,
      reach: '< 1,000 ms after the address was asked for',
      measured: `${ms(median(touchable.slice(1)))} (median of ${loads - 1}; ${ms(touchable[0] ?? 0)} with an empty cache)`,
      floor: '—',
      met: median(touchable.slice(1)) < 1000,
    },
    {
      work: `form open and ready to type, ${what}`,
      reach: '< 100 ms (the first time its code is fetched)',
      measured: `${ms(median(warm))} (median of ${warm.length}); ${ms(cold)} the first time`,
      floor: '—',
      met: median(warm) < 100,
    },
    {
      work: `drag, ${what}: longest time from a pointer event to what it changed on the screen`,
      reach: '< 100 ms',
      measured: ms(dragged),
      floor: '—',
      met: dragged < 100,
    },
  ]
}

declare global {
  interface Window {
    firstEventAt: number
    firstTouchableAt: number
    slowest: number
  }
}

const watchFirstEvent = () => {
  const watch = (selector: string, note: (at: number) => void) =>
    new MutationObserver((_, observer) => {
      const found = [...document.querySelectorAll(selector)]
      if (!found.some((element) => element.checkVisibility({ visibilityProperty: true }))) return
      observer.disconnect()
      requestAnimationFrame(() => note(performance.now()))
    }).observe(document, { childList: true, subtree: true, attributeFilter: ['class', 'style'] })
  watch('.event-appointment', (at) => {
    window.firstEventAt = at
  })
  watch('[data-appointment-id]', (at) => {
    window.firstTouchableAt = at
  })
}

const openForm = async (page: Page): Promise<number> => {
  const took = await page.evaluate(async () => {
    const begun = performance.now()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))
    while (document.activeElement?.getAttribute('name') !== 'title')
      await new Promise((next) => requestAnimationFrame(next))
    return performance.now() - begun
  })
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  return took
}

/** The browser's own event timing: from the event to the frame that shows its effect. */
const dragOne = async (page: Page): Promise<number> => {
  await page.evaluate(() => {
    window.slowest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.slowest = Math.max(window.slowest, duration)
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  })
  const event = page.locator('[data-appointment-id]').first()
  await event.scrollIntoViewIfNeeded()
  const box = await event.boundingBox()
  if (!box) throw new Error('There is nothing to drag.')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  // Two columns on, towards the middle: the first of a month may be in the last one.
  const way = box.x < 640 ? 1 : -1
  await page.mouse.move(box.x + way * 150, box.y + 60, { steps: 20 })
  await page.mouse.move(box.x + way * 290, box.y + 120, { steps: 20 })
  await page.mouse.up()
  await page
    .getByText(/is now|That time is taken/)
    .first()
    .waitFor()
  return page.evaluate(() => window.slowest)
}
