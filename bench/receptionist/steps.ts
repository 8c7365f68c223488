import { setTimeout as pause } from 'node:timers/promises'
import type { Child } from '../../scripts/process/children.ts'
import type { Row } from '../table.ts'
import type { Environment } from './environment.ts'
import { concurrently, dateIn, phoneOf, request } from './request.ts'

const [steps, atOnce, kills] = [10_000, 16, 5]

/** `as`: the key that made the hold; it is not found by others. */
type Hold = { id: string; as: number }
type Known = { holds: Hold[]; booked: Set<string>; cancelled: Set<string> }
type Answer = { id?: string; revision?: number; code?: string }

/**
 * Random holds, bookings, moves, releases, expiries and cancellations in two weeks of one business,
 * while the server is killed and started again. A request whose answer is lost is sent again.
 */
export const measureSteps = async (environment: Environment): Promise<Row[]> => {
  const { raced, product } = environment
  const { sql } = product.database
  await sql`delete from appointments where business_id = ${raced.business.id}`
  await sql`update holds set ended = 'released' where business_id = ${raced.business.id} and ended is null`
  const known: Known = { holds: [], booked: new Set(), cancelled: new Set() }
  const counts = { done: 0, refused: 0, repeated: 0, killed: 0 }
  let server: Child = environment.server
  const send: Send = async (n, given) => {
    for (let attempt = 0; ; attempt++)
      try {
        const answer = await request<Answer>(environment, raced, { as: n, ...given, key: `step-${n}` })
        // The request before it died with the server and still has its key.
        if (answer.status === 409 && answer.body.code === 'idempotency-running') {
          await pause(500)
          continue
        }
        if (answer.status >= 500) throw new Error(`status ${answer.status}`)
        counts[answer.status < 300 ? 'done' : 'refused']++
        return answer
      } catch (error) {
        if (attempt > 200) throw error
        counts.repeated++
        await pause(200)
      }
  }
  const killing = async () => {
    while (counts.killed < kills && counts.done + counts.refused < steps) {
      const until = ((counts.killed + 1) * steps) / (kills + 1)
      while (counts.done + counts.refused < until) await pause(50)
      server.kill()
      counts.killed++
      server = await product.startServer()
    }
  }
  const killed = killing()
  await concurrently(steps, atOnce, async (n) => {
    await step(environment, { n, known, send })
  })
  await killed
  return [await verdict(environment, { known, counts })]
}

type Given = { method: string; path: string; body?: object; revision?: number; as?: number }
type Send = (n: number, given: Given) => Promise<{ status: number; body: Answer }>
type Step = { n: number; known: Known; send: Send }

const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)]

const step = async ({ raced, product }: Environment, { n, known, send }: Step): Promise<void> => {
  const quarter = 8 * 4 + Math.floor(Math.random() * 38)
  const clock = `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`
  const time = { start: `${dateIn(2 + (n % 14))}T${clock}:00+11:00`, duration: 30 }
  const who = {
    member: pick(raced.memberIds),
    customer: { name: 'Alex Taylor', phone: phoneOf(n) },
    callId: `step ${n}`,
  }
  const hold = pick(known.holds)
  const id = pick([...known.booked])
  const kind = Math.random()
  if (kind < 0.25) {
    const held = await send(n, {
      method: 'POST',
      path: 'holds',
      body: { ...time, member: who.member, callId: who.callId, seconds: 60 },
    })
    if (held.body.id && held.status < 300) known.holds.push({ id: held.body.id, as: n })
  } else if (kind < 0.5 || !id)
    note(known, await send(n, { method: 'POST', path: 'appointments', body: { ...time, ...who } }))
  else if (kind < 0.65 && hold) {
    const { customer, callId } = who
    const body = { hold: hold.id, customer, callId }
    note(known, await send(n, { method: 'POST', path: 'appointments', body, as: hold.as }))
  } else if (kind < 0.7 && hold) await send(n, { method: 'DELETE', path: `holds/${hold.id}`, as: hold.as })
  else if (kind < 0.75 && hold)
    await product.database.sql`update holds set expires_at = clock_timestamp() where id = ${hold.id}`
  else if (kind < 0.85) {
    const { body } = await send(n, { method: 'GET', path: `appointments/${id}` })
    const path = `appointments/${id}`
    const revision = body.revision ?? 1
    await send(n, { method: 'PATCH', path, body: { start: time.start, callId: who.callId }, revision })
  } else {
    const body = { proof: { surname: 'Taylor' }, callId: who.callId }
    const cancelled = await send(n, { method: 'POST', path: `appointments/${id}/cancel`, body })
    if (cancelled.status < 300) known.cancelled.add(id)
  }
}

const note = ({ booked }: Known, { status, body }: { status: number; body: Answer }) => {
  if (status < 300 && body.id) booked.add(body.id)
}

type Verdict = { known: Known; counts: Record<'done' | 'refused' | 'repeated' | 'killed', number> }

const verdict = async ({ raced, product }: Environment, { known, counts }: Verdict): Promise<Row> => {
  const { sql } = product.database
  const { id } = raced.business
  const overlaps = await sql`
    select from appointment_assignees a join appointment_assignees b
      on a.member_id = b.member_id and a.during && b.during and a.ctid < b.ctid and a.exclusive and b.exclusive
    where a.business_id = ${id}`
  const rows = await sql`select id, status, call_id from appointments where business_id = ${id}`
  const stored = new Map(rows.map((row) => [String(row.id), row]))
  const lost = [...known.booked].filter((each) => !stored.has(each)).length
  const uncancelled = [...known.cancelled].filter((each) => stored.get(each)?.status !== 'cancelled').length
  const doubled = rows.length - new Set(rows.map((row) => row.call_id)).size
  return {
    work: `${steps.toLocaleString('en')} random steps, ${atOnce} at once, the server killed ${counts.killed} times`,
    target: '0 overlaps, 0 lost, 0 doubled',
    measured: `${overlaps.length} overlaps, ${lost + uncancelled} lost, ${doubled} doubled; ${rows.length} appointments`,
    baseline: `${counts.done} done, ${counts.refused} refused, ${counts.repeated} sent again`,
    met: overlaps.length === 0 && lost + uncancelled === 0 && doubled === 0,
  }
}
