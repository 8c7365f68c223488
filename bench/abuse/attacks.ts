import { randomUUID } from 'node:crypto'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { builtActions, callAction } from '../../e2e/steps/actions.ts'
import type { Business, Member } from '../load/businesses.ts'
import type { Environment } from '../load/environment.ts'

/** What one hostile business does at once, with nothing but its own sessions. */

/** `byOwner`: staff would be refused, which costs nothing. */
type Attack = { name: string; parallel: number; byOwner?: true; perform: (member: Member) => Promise<string> }

const limitMs = 60_000
const day = 86_400_000
const overlapping = 1000
const activityLines = 50_000

/** Activity that the business could have caused in the days before. */
export const addActivity = async ({ database: { sql } }: Environment, { id, members }: Business): Promise<void> => {
  await sql`
    insert into activity (business_id, actor, member_id, what, before, after)
    select ${id}, 'member', ${members[0]?.id ?? ''}, 'appointment.edited', jsonb_build_object('title', repeat('a', 200)),
      jsonb_build_object('title', repeat('b', 200))
    from generate_series(1, ${activityLines})`
}

/** Bookings over each other, all to be sent to Google. */
export const addBookings = async ({ database: { sql } }: Environment, { id, members }: Business): Promise<void> => {
  const [owner] = members
  const start = new Date(Math.floor(Date.now() / day) * day + day).toISOString()
  await sql`
    with booked as (
      insert into appointments (business_id, title, starts_at, ends_at, overlap_allowed, created_by)
      select ${id}, 'Over each other', ${start}::timestamptz, ${start}::timestamptz + interval '8 hours',
        'booked-anyway', ${owner?.id ?? ''}
      from generate_series(1, ${overlapping})
      returning id, starts_at, ends_at)
    insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
    select ${id}, id, ${owner?.id ?? ''}, tstzrange(starts_at, ends_at), false from booked`
}

const makeAttacks = (url: string): Attack[] => {
  const change = builtActions().get('appointments#changeAppointment')
  if (!change) throw new Error('The build does not have the action changeAppointment.')
  const get =
    (path: string) =>
    async ({ cookie }: Member) => {
      const response = await fetch(url + path, { headers: { cookie }, signal: AbortSignal.timeout(limitMs) })
      for await (const _ of response.body ?? []);
      return String(response.status)
    }
  const from = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10)
  const start = new Date(Math.floor(Date.now() / day) * day + day).toISOString()
  const end = new Date(Date.parse(start) + 8 * 3_600_000).toISOString()
  return [
    { name: 'ten years', parallel: 2, perform: get('/api/calendar?from=2060-01-01&to=2069-12-30') },
    { name: 'widest range', parallel: 4, perform: get(`/api/calendar?from=${from(-30)}&to=${from(369)}`) },
    { name: 'calendar page', parallel: 2, perform: get('/calendar') },
    { name: 'export', parallel: 3, byOwner: true, perform: get('/api/business/export') },
    { name: 'activity', parallel: 3, byOwner: true, perform: get('/api/activity/csv') },
    {
      name: 'book anyway',
      parallel: 2,
      perform: async ({ id, cookie }) => {
        const fields = { title: 'Over each other', location: '', notes: '', start, end, assigneeIds: [id] }
        const customer = { customerName: '', customerPhone: '', customerEmail: '' }
        const given = { kind: 'create', id: randomUUID(), fields: { ...fields, ...customer } }
        const { status, value } = await callAction({ url, cookie }, change, [given, { bookAnyway: true }])
        return (value as { code?: string } | null)?.code ?? String(status)
      },
    },
  ]
}

export type Answers = Record<string, number>

/**
 * Starts every attack; each is repeated as soon as it is answered. Returns the counts of answers.
 */
export const startAttacks = (url: string, { members }: Business): Answers => {
  const answers: Answers = {}
  const count = (name: string) => {
    answers[name] = (answers[name] ?? 0) + 1
  }
  const repeat = async ({ name, perform }: Attack, member: Member) => {
    for (;;) {
      const answer = await perform(member).catch((error: Error) => error.name)
      count(`${name}: ${answer}`)
      // A refusal costs the attacker nothing: without a pause only the client would be measured.
      await pause(20)
    }
  }
  for (const attack of makeAttacks(url)) {
    for (let n = 0; n < attack.parallel; n++) {
      const member = members[attack.byOwner ? 0 : n % members.length]
      if (member) void repeat(attack, member)
    }
  }
  holdBodies(url, () => count('half-sent body: closed'))
  return answers
}

const unfinished = 120
const bodyBytes = 10_000_000
const chunk = Buffer.alloc(64_000, 'x')

/** Chunked bodies of 10 MB that never end, signed out; a closed one is sent again. */
const holdBodies = (url: string, onClosed: () => void) => {
  const { port } = new URL(url)
  const open = () => {
    const socket = net.connect(Number(port), 'localhost')
    let sent = 0
    socket.on('connect', () => {
      socket.write(`POST /sign-in HTTP/1.1\r\nHost: localhost:${port}\r\nTransfer-Encoding: chunked\r\n`)
      socket.write('Content-Type: text/plain\r\nNext-Action: x\r\n\r\n')
      send()
    })
    const send = () => {
      while (sent < bodyBytes && !socket.destroyed) {
        sent += chunk.length
        if (!socket.write(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])))
          return
      }
    }
    socket.on('drain', send)
    socket.on('data', () => {})
    socket.on('error', () => {})
    socket.on('close', () => {
      onClosed()
      setTimeout(open, 500)
    })
  }
  for (let n = 0; n < unfinished; n++) open()
}
