import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'
import { findBrowser } from '../../scripts/process/browser.ts'
import type { Row } from '../results.ts'
import { median } from '../statistics.ts'
import { type Stage, zone } from './stage.ts'

/** Fetched when it is asked for: 176 MB that no other command needs. */
const lighthouse = 'lighthouse@13.5.0'
const pages = ['/calendar', '/settings/calendar', '/sign-in']
const presets = { 'on a desk': ['--preset=desktop'], 'on a phone': [] }
const categories = ['performance', 'accessibility', 'best-practices'] as const
const runs = 3
const enough = 95

type Scores = Record<(typeof categories)[number], number>

/**
 * What Lighthouse gives each page, as a signed-in owner sees it, in the time zone of the business; it slows network and
 * processor down to a phone's itself.
 */
export const measureLighthouse = async (stage: Stage): Promise<Row[]> => {
  const rows: Row[] = []
  for (const page of pages)
    for (const [where, preset] of Object.entries(presets))
      rows.push(await measurePage(stage, { page, where, preset }))
  return rows
}

type Asked = { page: string; where: string; preset: string[] }

const measurePage = async (stage: Stage, { page, where, preset }: Asked): Promise<Row> => {
  const found: Scores[] = []
  for (let n = 0; n < runs; n++) found.push(await scoresOf(stage, page, preset))
  const scores = categories.map((name) => median(found.map((each) => each[name])))
  return {
    work: `Lighthouse of ${page} ${where}: performance, accessibility, best practices`,
    reach: `≥ ${enough} each`,
    measured: `${scores.join(', ')} (median of ${runs})`,
    floor: '—',
    met: scores.every((score) => score >= enough),
  }
}

const scoresOf = async ({ url, session }: Stage, page: string, preset: string[]): Promise<Scores> => {
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
  // Somewhere else would be measured in its place.
  if (new URL(report.finalDisplayedUrl).pathname !== page)
    throw new Error(`${page} led to ${report.finalDisplayedUrl}.`)
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
