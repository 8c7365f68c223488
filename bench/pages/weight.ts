import type { Row } from '../table.ts'
import type { Environment } from './environment.ts'

/** Compressed kilobytes of a bare page with FullCalendar 7, React and Next. */
const bare = 224

/**
 * Compressed kilobytes of scripts and styles until the first event, until idle, and with the form
 * open.
 */
export const measureWeight = async ({ browser, url, session }: Environment): Promise<Row[]> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.addCookies([session])
  const page = await context.newPage()
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    if (!/\.(js|css)(\?|$)/.test(request.url())) return
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  })
  const sum = async () => (await Promise.all(sizes)).reduce((total, size) => total + size, 0) / 1024
  await page.goto(`${url}/calendar`)
  await page.locator('[data-appointment-id]').first().waitFor()
  const first = await sum()
  await page.waitForLoadState('networkidle').catch(() => {})
  const idle = await sum()
  await page.keyboard.press('n')
  await page.getByRole('dialog').waitFor()
  const withForm = await sum()
  await context.close()
  return [
    {
      work: 'JavaScript and CSS of /calendar, compressed, until the first event is shown',
      target: `≤ ${bare * 1.25} KB (1.25 × a bare FullCalendar 7 + React + Next page)`,
      measured: `${first.toFixed(0)} KB; ${idle.toFixed(0)} KB once idle; ${withForm.toFixed(0)} KB with the form opened`,
      baseline: `${bare} KB`,
      met: first <= bare * 1.25,
    },
  ]
}
