import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/fixtures.ts'
import { at, book, enter, memberId, openCalendar, quietDay } from './steps/calendar.ts'
import { bookSeries, openDay } from './steps/series.ts'
import { owner } from './steps/steps.ts'

type Paper = { events: string[]; repeating: string[]; controls: string[]; shown: string[] }

declare global {
  interface Window {
    paper: Paper
  }
}

/**
 * Content of the print layout, recorded by the page in its beforeprint event, and the number of
 * pages.
 */
const print = async (page: Page, format: 'A4' | 'Letter') => {
  await page.evaluate(() => {
    const visible = (selector: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => element.checkVisibility())
    const note = () => {
      const shown = visible('[data-appointment-id]')
      const idsOf = (elements: HTMLElement[]) => elements.map(({ dataset }) => dataset.appointmentId ?? '')
      const hasMark = (element: HTMLElement) =>
        [...element.querySelectorAll('.event-repeat')].some((mark) => mark.checkVisibility())
      const [events, repeating] = [idsOf(shown), idsOf(shown.filter(hasMark))]
      const controls = visible('nav, header, button, .cal-more').map(({ textContent }) => textContent)
      const texts = visible('p').map(({ textContent }) => textContent)
      window.paper = { events, repeating, controls, shown: texts.filter((text) => text.startsWith('Shown')) }
    }
    matchMedia('print').addEventListener('change', ({ matches }) => matches && note(), { once: true })
  })
  const pdf = await page.pdf({ format, preferCSSPageSize: true })
  const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length
  return { sheets, ...(await page.evaluate(() => window.paper)) }
}

test('print: all hours and all events, no controls, a week on one page', async ({ page, app }) => {
  const day = quietDay()
  const times = ['11:00', '12:00', '13:00', '14:00', '15:00', '16:00']
  const spans = [...times.map((end) => ['09:00', end]), ['00:15', '01:00'], ['22:30', '23:45']]
  const ids: string[] = []
  for (const [from = '', to = ''] of spans)
    ids.push(await book(app, { title: 'Visit', start: at(day, from), end: at(day, to) }))
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await expect(page.getByRole('button', { name: '+3 more' })).toBeVisible()
  for (const format of ['A4', 'Letter'] as const) {
    const paper = await print(page, format)
    expect(paper.events).toEqual(expect.arrayContaining(ids))
    expect(paper.controls).toEqual([])
    expect(paper.sheets).toBe(1)
  }
  for (const view of ['month', 'list']) {
    await openCalendar(page, app, `?view=${view}&date=${day}`)
    const paper = await print(page, 'A4')
    expect(paper.events, view).toEqual(expect.arrayContaining(ids))
    expect(paper.controls, view).toEqual([])
  }
})

test('print: visits of a series have its mark, other appointments do not', async ({ page, app }) => {
  const day = openDay()
  const [wide, narrow] = [
    { start: at(day, '09:00'), end: at(day, '10:30') },
    { start: at(day, '14:00'), end: at(day, '15:30') },
  ]
  const weekly = async (title: string, times: typeof wide) => {
    const repeat = { every: 1, unit: 'week', ends: { after: 3 } } as const
    const { visits } = await bookSeries(app, { title, ...times, repeat })
    return visits[0]?.id ?? ''
  }
  const visits = [await weekly('Weekly clean', wide), await weekly('Weekly mow', narrow)]
  const singles = [
    await book(app, { title: 'Single', start: at(day, '12:00'), end: at(day, '13:30') }),
    // In a week on paper, both are too narrow for a line with the times.
    await book(app, { title: 'Beside it', ...narrow }),
  ]
  await enter(page.context(), { app, email: owner })
  for (const view of ['day', 'week', 'month', 'list']) {
    await openCalendar(page, app, `?view=${view}&date=${day}`)
    const paper = await print(page, 'A4')
    expect(paper.events, view).toEqual(expect.arrayContaining([...visits, ...singles]))
    expect(paper.repeating, view).toEqual(expect.arrayContaining(visits))
    for (const single of singles) expect(paper.repeating, view).not.toContain(single)
    if (view === 'list') expect(await page.getByText('Repeats', { exact: true }).count(), view).toBeGreaterThan(0)
  }
})

test('print: names the people whose appointments are shown, unless all are', async ({ page, app }) => {
  const staff = [await memberId(app, 'Mia Chen'), await memberId(app, 'Tom Okafor')]
  await enter(page.context(), { app, email: owner })
  for (const [query, shown] of [
    [`?view=week&staff=${staff}`, ['Shown: Mia Chen, Tom Okafor']],
    ['?view=week', []],
  ] as const) {
    await openCalendar(page, app, query)
    await expect(page.getByText('Shown:')).toBeHidden()
    expect((await print(page, 'A4')).shown).toEqual(shown)
  }
})

test('a column too narrow for all concurrent events shows a number for the rest', async ({ page, app, axe }) => {
  const day = quietDay()
  const span = { start: at(day, '09:00'), end: at(day, '10:00') }
  const titles = ['First', 'Second', 'Third', 'Fourth', 'Fifth']
  for (const title of titles) await book(app, { title: `${title} of them`, ...span })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=week&date=${day}`)
  const all = page.locator('[data-appointment-id]', { hasText: 'of them' })
  await expect(all).toHaveCount(3)
  const more = page.getByRole('button', { name: '+2 more' })
  await more.focus()
  await page.keyboard.press('Enter')
  const rest = page.getByRole('dialog', { name: new RegExp(`^Sunday,? ${day.day} `) })
  await expect(rest.getByRole('button', { name: /of them/ })).toHaveCount(2)
  await axe(page)
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()

  await test.step('a narrow event takes the width of its day on keyboard focus', async () => {
    const widthOf = async () => (await all.first().boundingBox())?.width ?? 0
    const narrow = await widthOf()
    await all.first().focus()
    await expect.poll(widthOf).toBeGreaterThan(2 * narrow)
  })
  await test.step('the day view has room for all', async () => {
    await page.keyboard.press('d')
    await expect(all).toHaveCount(5)
  })
})
