import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import { findBrowser } from '../../scripts/process/browser.ts'
import { median } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Environment, zone } from './environment.ts'
import { retryOnce } from './retry-once.ts'

/** Downloaded by npx when needed: 176 MB that no other command uses. */
const lighthouse = 'lighthouse@13.5.0'
const pages = ['/calendar', '/settings/calendar', '/sign-in']
const presets = { desktop: ['--preset=desktop'], phone: [] }
const categories = ['performance', 'accessibility', 'best-practices'] as const
const runs = 3
const minScore = 95

type Scores = Record<(typeof categories)[number], number>

/**
 * Lighthouse scores of each page for a signed-in owner, in the time zone of the business.
 * Lighthouse itself throttles network and processor for the phone preset.
 */
export const measureLighthouse = async (environment: Environment): Promise<Row[]> => {
  const rows: Row[] = []
  for (const page of pages)
    for (const [where, preset] of Object.entries(presets))
      rows.push(await measurePage(environment, { page, where, preset }))
  return rows
}

type PageOptions = { page: string; where: string; preset: string[] }

const measurePage = async (environment: Environment, { page, where, preset }: PageOptions): Promise<Row> => {
  const found: Scores[] = []
  let repeated = 0
  for (let n = 0; n < runs; n++) {
    const { result: report, isRepeated } = await retryOnce(
      () => runLighthouse(environment, page, preset),
      (error) => console.log(`Lighthouse failed and is started again: ${messageOf(error)}`),
    )
    if (isRepeated) repeated++
    found.push(scoresOf(report, page))
  }
  const scores = categories.map((name) => median(found.map((each) => each[name])))
  return {
    work: `Lighthouse of ${page}, ${where}: performance, accessibility, best practices`,
    target: `≥ ${minScore} each`,
    measured: `${scores.join(', ')} (median of ${runs}${repeated > 0 ? `, ${repeated} started twice` : ''})`,
    baseline: '—',
    met: scores.every((score) => score >= minScore),
  }
}

/** The first line: the rest is the whole command and its output. */
const messageOf = (error: unknown) => String(error).split('\n', 1)[0]

const runLighthouse = async ({ url, session }: Environment, page: string, preset: string[]): Promise<Report> => {
  const cookie = page === '/sign-in' ? {} : { Cookie: `${session.name}=${session.value}` }
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      ...['--yes', lighthouse, `${url}${page}`, '--quiet', '--output=json', ...preset],
      `--only-categories=${categories.join(',')}`,
      `--extra-headers=${JSON.stringify(cookie)}`,
      `--chrome-flags=--headless=new${process.getuid?.() === 0 ? ' --no-sandbox' : ''}`,
    ],
    {
      env: {
        ...process.env,
        CHROME_PATH: findBrowser()?.executablePath ?? chromium.executablePath(),
        TZ: zone,
      },
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  const report = JSON.parse(stdout) as Report
  if (report.runtimeError) throw new Error(`${page}: ${report.runtimeError.message}`)
  return report
}

const scoresOf = (report: Report, page: string): Scores => {
  // A redirect would measure another page.
  if (new URL(report.finalDisplayedUrl).pathname !== page)
    throw new Error(`${page} redirected to ${report.finalDisplayedUrl}.`)
  const score = (name: (typeof categories)[number]) => Math.round((report.categories[name]?.score ?? 0) * 100)
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    'best-practices': score('best-practices'),
  }
}

type Report = {
  finalDisplayedUrl: string
  runtimeError?: { message: string }
  categories: Record<string, { score: number | null } | undefined>
}
