import type { Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'
import { median, ms } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Environment, fill, fillTeam, zone } from './environment.ts'

const loads = 5
const opens = 7

/** 200 appointments in a week view, 2,000 in a month view, and 200 of eight members on a day. */
export const measureInteraction = async (environment: Environment): Promise<Row[]> => {
  const today = Temporal.Now.plainDateISO(zone)
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  const from = (date: Temporal.PlainDate) =>
    date.toZonedDateTime({ timeZone: zone, plainTime: '07:00' }).toInstant().toString()
  await fill(environment, 200, from(monday), 7)
  const few = await measureView(environment, 'week', '200 in a week')
  await fill(environment, 2000, from(today.with({ day: 1 })), 28)
  const many = await measureView(environment, 'month', '2,000 in a month')
  await fillTeam(environment, { members: 8, count: 200, first: from(today) })
  return [...few, ...many, await measureTeamDrag(environment)]
}

const openPage = async ({ browser, session }: Environment) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addCookies([session])
  return { context, page: await context.newPage() }
}

const measureTeamDrag = async (environment: Environment): Promise<Row> => {
  const { context, page } = await openPage(environment)
  await page.goto(`${environment.url}/calendar?view=team`)
  await page.waitForLoadState('networkidle').catch(() => {})
  const dragged = await dragOne(page)
  await context.close()
  return dragRow('200 of eight members on a day', dragged)
}

const dragRow = (what: string, dragged: number): Row => ({
  work: `drag, ${what}: longest time from a pointer event to the next paint`,
  target: '< 100 ms',
  measured: ms(dragged),
  baseline: '—',
  met: dragged < 100,
})

const measureView = async (environment: Environment, view: string, what: string): Promise<Row[]> => {
  const { context, page } = await openPage(environment)
  const address = `${environment.url}/calendar?view=${view}`
  await page.addInitScript(watchFirstEvent)
  const firsts: number[] = []
  const interactive: number[] = []
  for (let n = 0; n < loads; n++) {
    await page.goto(address)
    await page.waitForFunction(() => window.firstEventAt && window.firstInteractiveAt)
    firsts.push(await page.evaluate(() => window.firstEventAt))
    interactive.push(await page.evaluate(() => window.firstInteractiveAt))
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
      target: '< 1,000 ms after the request',
      measured: `${ms(median(firsts.slice(1)))} (median of ${loads - 1}; ${ms(firsts[0] ?? 0)} with an empty cache)`,
      baseline: '—',
      met: median(firsts.slice(1)) < 1000,
    },
    {
      work: `first interactive event, ${what}, browser cache warm`,
      target: '< 1,000 ms after the request',
      measured: `${ms(median(interactive.slice(1)))} (median of ${loads - 1}; ${ms(interactive[0] ?? 0)} with an empty cache)`,
      baseline: '—',
      met: median(interactive.slice(1)) < 1000,
    },
    {
      work: `form open and ready for input, ${what}`,
      target: '< 100 ms (the first time includes loading its code)',
      measured: `${ms(median(warm))} (median of ${warm.length}); ${ms(cold)} the first time`,
      baseline: '—',
      met: median(warm) < 100,
    },
    dragRow(what, dragged),
  ]
}

declare global {
  interface Window {
    firstEventAt: number
    firstInteractiveAt: number
    slowest: number
  }
}

const watchFirstEvent = () => {
  const watch = (selector: string, onFound: (at: number) => void) =>
    new MutationObserver((_, observer) => {
      const found = [...document.querySelectorAll(selector)]
      if (!found.some((element) => element.checkVisibility({ visibilityProperty: true }))) return
      observer.disconnect()
      requestAnimationFrame(() => onFound(performance.now()))
    }).observe(document, { childList: true, subtree: true, attributeFilter: ['class', 'style'] })
  watch('.event-appointment', (at) => {
    window.firstEventAt = at
  })
  watch('[data-appointment-id]', (at) => {
    window.firstInteractiveAt = at
  })
}

const openForm = async (page: Page): Promise<number> => {
  const took = await page.evaluate(async () => {
    const started = performance.now()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))
    while (document.activeElement?.getAttribute('name') !== 'title')
      await new Promise((next) => requestAnimationFrame(next))
    return performance.now() - started
  })
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  return took
}

/** Longest duration by the Event Timing API: from an event to the next paint after it. */
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
  // Two columns towards the middle: the first day of a month may be in the last column.
  const direction = box.x < 640 ? 1 : -1
  await page.mouse.move(box.x + direction * 150, box.y + 60, { steps: 20 })
  await page.mouse.move(box.x + direction * 290, box.y + 120, { steps: 20 })
  await page.mouse.up()
  await page
    .getByText(/is now|That time is taken/)
    .first()
    .waitFor()
  return page.evaluate(() => window.slowest)
}
