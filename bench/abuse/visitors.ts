import { createInterface } from 'node:readline'
import type { Business } from '../load/businesses.ts'
import { get } from '../load/http.ts'

// Members of other businesses, in a process of their own: each opens a page or reads its rows every
// second, whether the last one was answered or not. A line on stdin asks for the visits since the
// last line, with those that have waited for more than a second.

export type Visits = { times: number[]; failures: Record<string, number> }

const everyMs = 1000

const [url = '', given = '[]'] = process.argv.slice(2)
const businesses: Business[] = JSON.parse(given)
let visits: Visits = { times: [], failures: {} }

const week = (offset: number) => new Date(Date.now() + offset * 604_800_000).toISOString().slice(0, 10)
const paths = ['/calendar', `/api/calendar?from=${week(-1)}&to=${week(5)}`, '/settings/calendar']

const fail = (what: string) => {
  visits.failures[what] = (visits.failures[what] ?? 0) + 1
}

/** When the unanswered visits began. */
const open = new Set<number>()

const visit = async (path: string, cookie: string) => {
  const started = performance.now()
  open.add(started)
  try {
    const { status } = await get(url + path, cookie)
    if (status === 200) visits.times.push(performance.now() - started)
    else fail(`${path}: ${status}`)
  } catch (error) {
    fail(`${path}: ${(error as Error).message}`)
  }
  open.delete(started)
}

for (const [at, { members }] of businesses.entries()) {
  const cookie = members[0]?.cookie ?? ''
  let turn = at
  setTimeout(
    () => setInterval(() => void visit(paths[turn++ % paths.length] ?? '', cookie), everyMs),
    (at * everyMs) / businesses.length,
  )
}

for await (const _ of createInterface({ input: process.stdin })) {
  const waiting = [...open].map((since) => performance.now() - since).filter((ms) => ms > everyMs)
  console.log(JSON.stringify({ ...visits, times: [...visits.times, ...waiting] }))
  visits = { times: [], failures: {} }
}
process.exit()
