import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { type ApiBusiness, insertApiBusiness } from '#testing/api/business.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { processTimeoutMs } from '#testing/worker-process.ts'

/** A server that is killed while it books; another one gets the same requests again. */

const database = ownDatabase()
let business: ApiBusiness

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  business = await insertApiBusiness(database)
})

const startServer = async () => {
  const args = ['--import', './scripts/process/node-24.js', 'testing/api/serve.ts']
  const child = spawn(process.execPath, args, { env: process.env, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => end(child))
  for await (const line of createInterface(child.stdout)) if (line.startsWith('http')) return { child, url: line }
  throw new Error('The server ended.')
}

const end = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'exit')
  child.kill('SIGKILL')
  await closed
}

type Booking = { id: string; start: string; phone: string }

const send = async (url: string, key: string, { id, start, phone }: Booking) => {
  const response = await fetch(`${url}/api/v1/appointments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify({ start, duration: 60, customer: { name: 'Alex Taylor', phone } }),
  })
  return { status: response.status, body: (await response.json()) as { id: string } }
}

test(
  'bookings of a killed process are there once, and a repeated request finds them',
  async () => {
    const first = await startServer()
    const { secret: key } = await business.keyFor()
    const found = await fetch(`${first.url}/api/v1/slots?duration=60&limit=100`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const { slots } = (await found.json()) as { slots: { start: string }[] }
    const wanted = slots
      .filter((_, n) => n % 4 === 0)
      .slice(0, 24)
      .map(({ start }, n): Booking => ({ id: randomUUID(), start, phone: `04120000${10 + n}` }))
    expect(wanted).toHaveLength(24)
    const answers: { status: number; body: { id: string } }[] = []
    let unanswered = 0
    const waiting = wanted.values()
    const worker = async () => {
      for (const each of waiting) {
        const answer = await send(first.url, key, each).catch(() => null)
        if (answer) answers.push(answer)
        else unanswered++
        // In the middle: some are answered, some are under way, and some are not sent yet.
        if (answers.length === 5) await end(first.child)
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(unanswered).toBeGreaterThan(0)

    const second = await startServer()
    // As after the lock of ten seconds.
    await database.sql`update idempotency_keys set locked_until = locked_until - interval '10 seconds' where status is null`
    const repeated = await Promise.all(wanted.map((each) => send(second.url, key, each)))
    for (const { status } of repeated) expect([200, 201]).toContain(status)
    const known = repeated.map(({ body }) => body.id)
    for (const { body } of answers) expect(known).toContain(body.id)
    const rows = await database.sql`select id from appointments where business_id = ${business.businessId}`
    expect(rows.map(({ id }) => id).sort()).toEqual(known.toSorted())
    expect(new Set(known).size).toBe(24)
  },
  processTimeoutMs,
)
