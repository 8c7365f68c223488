import { randomUUID } from 'node:crypto'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Temporal } from 'temporal-polyfill'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { changeAppointment } from '#lib/appointments/actions.ts'
import { callApi } from '#testing/api/call.ts'
import { fields } from '#testing/appointment-fields.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertAgentBusiness, type ToolReply, toolsByHttp } from '#testing/receptionist/agent.ts'
import { wednesday } from '#testing/receptionist/agent-inputs.ts'
import { serveRoute } from '#testing/receptionist/fetch-server.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { answerMcp } from './agent/http.ts'

/** One list of bad inputs, through each interface that takes them: REST, tools, MCP, the form. */

const session = vi.hoisted(() => ({ viewer: null as object | null }))
vi.mock('#lib/auth/viewer.ts', () => ({ actingViewer: async () => ({ ok: true, viewer: session.viewer }) }))

const database = ownDatabase()
const server = serveRoute(answerMcp)
let own: Awaited<ReturnType<typeof insertAgentBusiness>>

beforeEach(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  await database.sql`delete from rate_limits`
  own = await insertAgentBusiness(database)
  const { businessId, owner: memberId } = own
  const day = [{ from: '00:00', to: '24:00' }]
  const week = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((name) => [name, day]))
  await database.sql`update businesses set horizon_days = 365, opening_hours = ${JSON.stringify(week)}::jsonb
    where id = ${businessId}`
  session.viewer = { businessId, memberId, role: 'owner', timeZone: zone, email: 'olive@harbour.example' }
})

const zone = 'Australia/Sydney'
const customer = { name: 'Alex Taylor', phone: '0412 345 678' }

/** What an interface is asked for; a time as a date and a wall time of the business. */
type Asked = {
  date?: string
  weekday?: string
  time?: string
  service?: string
  member?: string
  duration?: number
  name?: string
  phone?: string
  notes?: string
}
type Form = { answer: string; fields?: Parameters<typeof fields>[0] }

const weekdayOf = (date: string) => {
  try {
    return Temporal.PlainDate.from(date).toLocaleString('en-AU', { weekday: 'long' })
  } catch {
    return 'Tuesday'
  }
}

const whole = (asked: Asked) => {
  const { date = wednesday().toString(), time = '10:00', service = 'Leaking tap', ...rest } = asked
  return { date, weekday: weekdayOf(date), time, service, ...customer, ...rest }
}

const byRest = async (asked: Asked) => {
  const { date, weekday: _, time, name, phone, ...rest } = whole(asked)
  const body = { start: `${date}T${time}:00+11:00`, ...rest, customer: { name, phone } }
  const { status, value } = await callApi('POST', '/appointments', { key: own.secret, body })
  expect(status).not.toBe(500)
  return { code: status < 400 ? 'ok' : value.code, say: value.say }
}

const said = ({ ok, code, say }: ToolReply) => ({ code: ok ? 'ok' : code, say })

const byTool = async (asked: Asked) => said(await toolsByHttp(own.secret)('book_appointment', whole(asked)))

const byMcp = async (asked: Asked) => {
  const client = new Client({ name: 'test-agent', version: '1.0.0' })
  const headers = { authorization: `Bearer ${own.secret}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers } }))
  onTestFinished(() => client.close())
  const { structuredContent } = await client.callTool({ name: 'book_appointment', arguments: whole(asked) })
  return said(structuredContent as ToolReply)
}

const byForm = async (given: Form['fields']) => {
  const day = wednesday().toString()
  const times = { start: `${day}T00:00:00Z`, end: `${day}T01:00:00Z` }
  const change = { kind: 'create', id: randomUUID(), fields: fields({ ...times, assigneeIds: [own.mia], ...given }) }
  const answer = await changeAppointment(change as Parameters<typeof changeAppointment>[0])
  return answer.ok
    ? { code: 'ok', say: 'Booked.' }
    : { code: answer.code, say: Object.values(answer.fields ?? {})[0] ?? answer.message }
}

const stored = async () => {
  const [row] = await database.sql`select
    (select count(*)::int from appointments where business_id = ${own.businessId}) as appointments,
    (select count(*)::int from activity where business_id = ${own.businessId} and what like 'appointment.%') as activity,
    (select count(*)::int from holds where business_id = ${own.businessId}) as holds`
  return { ...row }
}

/** The next first Sunday of the month, when the clocks change in Sydney. */
const sundayOf = (month: number) => {
  const today = Temporal.Now.plainDateISO(zone)
  const sundays = [0, 1].map((years) => {
    const first = today.with({ month, day: 1 }).add({ years })
    return first.add({ days: (7 - first.dayOfWeek) % 7 })
  })
  return String(sundays.find((sunday) => Temporal.PlainDate.compare(sunday, today.add({ days: 1 })) > 0))
}
const past = wednesday().subtract({ days: 21 }).toString()
const far = wednesday().add({ years: 3 }).toString()
const later = { start: `${far}T00:00:00Z`, end: `${far}T01:00:00Z` }
const long = 'x'.repeat(10_000)
const unknownId = '00000000-0000-4000-8000-000000000000'

type Row = [
  what: string,
  row: {
    asked: Asked
    /** Null: it cannot be asked there. People may book outside of the rules of callers. */
    rest: string | null
    agent: string
    form: Form | null
  },
]

const rows: Row[] = [
  ['the past', { asked: { date: past }, rest: 'too-soon', agent: 'too-soon', form: null }],
  [
    'beyond the horizon',
    { asked: { date: far }, rest: 'too-far', agent: 'too-far', form: { answer: 'ok', fields: later } },
  ],
  [
    '25:00',
    {
      ...{ asked: { time: '25:00' }, rest: 'no-such-time', agent: 'no-such-time' },
      form: { answer: 'invalid', fields: { start: '2027-01-20T25:00:00Z' } },
    },
  ],
  [
    '30 February',
    {
      ...{ asked: { date: '2027-02-30' }, rest: 'no-such-time', agent: 'no-such-time' },
      form: { answer: 'invalid', fields: { start: '2027-02-30T00:00:00Z', end: '2027-02-30T01:00:00Z' } },
    },
  ],
  [
    'the hour that does not exist',
    { asked: { date: sundayOf(10), time: '02:30' }, rest: null, agent: 'no-such-time', form: null },
  ],
  ['the hour that exists twice', { asked: { date: sundayOf(4), time: '02:30' }, rest: null, agent: 'ok', form: null }],
  ['another weekday', { asked: { weekday: 'Tuesday' }, rest: null, agent: 'weekday-mismatch', form: null }],
  [
    'an unknown service',
    {
      ...{ asked: { service: 'Haircut' }, rest: 'unknown-service', agent: 'unknown-service' },
      form: { answer: 'invalid', fields: { serviceId: unknownId } },
    },
  ],
  [
    'an unknown member',
    {
      ...{ asked: { member: 'Zoe' }, rest: 'unknown-member', agent: 'unknown-member' },
      form: { answer: 'invalid', fields: { assigneeIds: [unknownId] } },
    },
  ],
  [
    'a duration that is not offered',
    { asked: { duration: 75 }, rest: 'duration-not-offered', agent: 'duration-not-offered', form: null },
  ],
  [
    'a phone number with letters',
    {
      ...{ asked: { phone: 'ring me' }, rest: 'bad-phone', agent: 'bad-phone' },
      form: { answer: 'invalid', fields: { customerPhone: 'ring me' } },
    },
  ],
  [
    'notes of 10 kB',
    { asked: { notes: long }, rest: 'invalid', agent: 'invalid', form: { answer: 'invalid', fields: { notes: long } } },
  ],
  [
    'a name of right-to-left marks only',
    {
      ...{ asked: { name: '\u200f\u202e' }, rest: 'invalid', agent: 'invalid' },
      form: { answer: 'invalid', fields: { title: '\u200f\u202e' } },
    },
  ],
  [
    'a script with right-to-left marks',
    {
      ...{ asked: { notes: '\u202e<script>alert(1)</script>' }, rest: 'ok', agent: 'ok' },
      form: { answer: 'ok', fields: { notes: '\u202e<script>alert(1)</script>' } },
    },
  ],
]

const interfaces = [
  ['REST', ({ asked, rest }: Row[1]) => rest && { code: rest, answer: byRest(asked) }],
  ['a tool by HTTP', ({ asked, agent }: Row[1]) => ({ code: agent, answer: byTool(asked) })],
  ['MCP', ({ asked, agent }: Row[1]) => ({ code: agent, answer: byMcp(asked) })],
  ['the form', ({ form }: Row[1]) => form && { code: form.answer, answer: byForm(form.fields) }],
] as const

describe.each(interfaces)('by %s', (_, ask) => {
  test.each(rows)('%s is answered in words, and nothing is half done', async (_what, row) => {
    const asked = ask(row)
    if (!asked) return
    const { code, say } = await asked.answer
    expect([code, say]).toEqual([asked.code, expect.stringMatching(/^[^{}<>_]{5,400}$/)])
    const count = asked.code === 'ok' ? 1 : 0
    expect(await stored()).toEqual({ appointments: count, activity: count, holds: 0 })
    if (row.asked.date === sundayOf(4)) {
      const rows = await database.sql`select starts_at from appointments where business_id = ${own.businessId}`
      expect(rows.map((each) => Date.parse(each.starts_at))).toEqual([Date.parse(`${sundayOf(4)}T02:30:00+11:00`)])
    }
    if (row.asked.notes && count === 1)
      expect(await database.sql`select notes from appointments where business_id = ${own.businessId}`).toMatchObject([
        { notes: row.asked.notes },
      ])
  })
})

test('a body of 1 MB is refused by each', async () => {
  const notes = 'x'.repeat(1_000_000)
  expect(await byRest({ notes })).toMatchObject({ code: 'too-large' })
  expect(await byTool({ notes })).toMatchObject({ code: 'too-large' })
  const params = { name: 'book_appointment', arguments: whole({ notes }) }
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${own.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  expect([response.status, await response.json()]).toMatchObject([413, { error: { message: 'Send at most 64 KB.' } }])
  expect(await byForm({ notes })).toMatchObject({ code: 'invalid' })
  expect(await stored()).toEqual({ appointments: 0, activity: 0, holds: 0 })
})
