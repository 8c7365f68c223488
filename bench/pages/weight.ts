import type { BrowserContext, Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'
import type { Row } from '../table.ts'
import { startBarePage } from './bare-page.ts'
import { type Environment, zone } from './environment.ts'

const limit = 1.25
const teamLimitKb = 300

/**
 * Compressed kilobytes of scripts and styles that the page requests before the first event is in
 * it, until idle, and with the form open; those of the Team day view; and those of a page with
 * FullCalendar 7, React and Next alone.
 */
export const measureWeight = async (environment: Environment): Promise<Row[]> => {
  const { browser } = environment
  const bare = await weighBarePage(() => browser.newContext(desk))
  const { first, idle, withForm } = await weighCalendar(environment, '')
  const today = Temporal.Now.plainDateISO(zone)
  // The sample has appointments on every Monday of its weeks, and none on Sundays.
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  const team = await weighCalendar(environment, `?view=team&date=${monday}`)
  const ratio = first.code / bare.code
  return [
    {
      work: 'JavaScript and CSS of /calendar, compressed, until the first event is shown',
      target: `≤ ${limit} × the bare page`,
      measured: [
        `${kb(first.code)} = ${ratio.toFixed(2)} ×`,
        `${kb(idle.code)} once idle`,
        `${kb(withForm.code)} with the form opened`,
      ].join('; '),
      baseline: `FullCalendar 7, React and Next alone: ${kb(bare.code)}`,
      met: ratio <= limit,
    },
    {
      work: 'JavaScript and CSS of /calendar?view=team, compressed, until the first event is shown',
      target: `≤ ${teamLimitKb} KB`,
      measured: [
        kb(team.first.code),
        `${kb(team.idle.code)} once idle`,
        `${kb(team.withForm.code)} with the form opened`,
      ].join('; '),
      baseline: `the default view: ${kb(first.code)}`,
      met: team.first.code <= teamLimitKb,
    },
    {
      work: 'HTML and fonts of /calendar, compressed',
      target: '< 20 KB of HTML',
      measured: `HTML ${kb(first.html)}; fonts ${kb(first.fonts)}`,
      baseline: `HTML ${kb(bare.html)}, no fonts`,
      met: first.html < 20,
    },
  ]
}

const weighCalendar = async ({ browser, url, session }: Environment, query: string) => {
  const context = await browser.newContext(desk)
  await context.addCookies([session])
  const page = await context.newPage()
  const sizes = recordSizes(page)
  await page.addInitScript(markFirstEvent)
  await page.goto(`${url}/calendar${query}`)
  await page.locator('[data-appointment-id]').first().waitFor()
  const shownAt = await page.evaluate(firstEventTime)
  await page.waitForLoadState('networkidle').catch(() => {})
  const first = await sizes(shownAt)
  const idle = await sizes()
  await page.keyboard.press('n')
  await page.getByRole('dialog').waitFor()
  const withForm = await sizes()
  await context.close()
  return { first, idle, withForm }
}

/** In the page: marks the time when the first event that people can open is in it. */
const markFirstEvent = () => {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('[data-appointment-id]')) return
    performance.mark('first-event')
    observer.disconnect()
  })
  observer.observe(document, { attributes: true, childList: true, subtree: true })
}

/** In the page: milliseconds since the epoch. */
const firstEventTime = () => {
  const [mark] = performance.getEntriesByName('first-event')
  if (!mark) throw new Error('No event was shown.')
  return performance.timeOrigin + mark.startTime
}

const desk = { viewport: { width: 1280, height: 800 } }

const kb = (size: number) => `${size.toFixed(1)} KB`

const weighBarePage = async (newContext: () => Promise<BrowserContext>): Promise<Sizes> => {
  const server = await startBarePage()
  try {
    const context = await newContext()
    const page = await context.newPage()
    const sizes = recordSizes(page)
    await page.goto(server.url)
    await page.getByText('Visit').first().waitFor()
    const found = await sizes()
    await context.close()
    return found
  } finally {
    await server.stop()
  }
}

/** Kilobytes. */
type Sizes = { code: number; html: number; fonts: number }

const kinds: Record<string, keyof Sizes> = { script: 'code', stylesheet: 'code', document: 'html', font: 'fonts' }

/** Adds up what the page downloads from now on, or what it requested before a time. */
const recordSizes = (page: Page): ((before?: number) => Promise<Sizes>) => {
  const found: Promise<{ kind: keyof Sizes; size: number; startedAt: number }>[] = []
  page.on('requestfinished', (request) => {
    const kind = kinds[request.resourceType()]
    const startedAt = request.timing().startTime
    if (kind) found.push(request.sizes().then(({ responseBodySize: size }) => ({ kind, size, startedAt })))
  })
  return async (before = Number.POSITIVE_INFINITY) => {
    const sum: Sizes = { code: 0, html: 0, fonts: 0 }
    for (const { kind, size, startedAt } of await Promise.all(found)) if (startedAt < before) sum[kind] += size / 1024
    return sum
  }
}
