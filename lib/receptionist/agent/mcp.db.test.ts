import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { insertAgentBusiness, type ToolReply, timeOf } from '#testing/agent.ts'
import { badBookings, wednesday } from '#testing/agent-inputs.ts'
import { ownDatabase } from '#testing/database.ts'
import { serveRoute } from '#testing/fetch-server.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { answerMcp } from './http.ts'
import { instructions } from './instructions.ts'
import { tools } from './tools.ts'

const database = ownDatabase()
/** Revisions that calls of tools named in their headers. */
let versions: (string | null)[] = []
let arrived = () => {}
const server = serveRoute(async (request) => {
  arrived()
  const isCall = (await request.clone().text()).includes('"method":"tools/call"')
  if (isCall) versions.push(request.headers.get('mcp-protocol-version'))
  return answerMcp(request)
})
let own: Awaited<ReturnType<typeof insertAgentBusiness>>

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  own = await insertAgentBusiness(database)
  versions = []
  arrived = () => {}
})

const info = { name: 'test-agent', version: '1.0.0' }
const day = { date: wednesday().toString(), weekday: 'Wednesday' }
const customer = { name: 'Alex Taylor', phone: '0412 345 678' }

type Called = { isError?: boolean; structuredContent?: unknown; content: { type: string; text?: string }[] }
type Agent = {
  list: () => Promise<{ name: string; description?: string; outputSchema?: object; annotations?: object }[]>
  call: (name: string, input: Record<string, unknown>) => Promise<{ reply: ToolReply; isError: boolean }>
  instructions: string | undefined
}

const replyOf = ({ structuredContent, content, isError = false }: Called) => {
  expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent)
  return { reply: structuredContent as ToolReply, isError }
}

const withKey = () => ({ requestInit: { headers: { authorization: `Bearer ${own.secret}` } } })

/** `@modelcontextprotocol/client` 2. */
const client2 = async (options: ClientOptions): Promise<Agent> => {
  const client = new Client(info, options)
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url), withKey()))
  onTestFinished(() => client.close())
  return {
    list: async () => (await client.listTools()).tools,
    call: async (name, input) => replyOf((await client.callTool({ name, arguments: input })) as Called),
    instructions: client.getInstructions(),
  }
}

/** `@modelcontextprotocol/sdk` 1, asking for the given revision. */
const client1 = async (protocolVersion: string): Promise<Agent> => {
  const client = new Client1(info)
  const transport = new Transport1(new URL(server.url), withKey())
  const send = transport.send.bind(transport)
  transport.send = (message, more) => {
    if (!Array.isArray(message) && 'method' in message && message.method === 'initialize')
      Object.assign(message.params ?? {}, { protocolVersion })
    return send(message, more)
  }
  await client.connect(transport)
  onTestFinished(() => client.close())
  expect(transport.protocolVersion).toBe(protocolVersion)
  return {
    list: async () => (await client.listTools()).tools,
    call: async (name, input) => replyOf((await client.callTool({ name, arguments: input })) as Called),
    instructions: client.getInstructions(),
  }
}

const agents: [string, () => Promise<Agent>, string][] = [
  [
    'client 2, pinned to 2026-07-28',
    () => client2({ versionNegotiation: { mode: { pin: '2026-07-28' } } }),
    '2026-07-28',
  ],
  ['client 2, automatic', () => client2({ versionNegotiation: { mode: 'auto' } }), '2026-07-28'],
  ['client 2, legacy', () => client2({}), '2025-11-25'],
  ['sdk 1, 2025-06-18', () => client1('2025-06-18'), '2025-06-18'],
  ['sdk 1, 2025-11-25', () => client1('2025-11-25'), '2025-11-25'],
]

describe.each(agents)('%s', (_, connect, version) => {
  test('lists eight tools in order, and a call books, moves and cancels', async () => {
    const agent = await connect()
    expect(agent.instructions).toBe(instructions)
    const listed = await agent.list()
    expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
    for (const { outputSchema, annotations } of listed) expect([outputSchema, annotations]).not.toContain(undefined)

    const found = await agent.call('find_times', {
      service: 'Leaking tap',
      from: day.date,
      ...{ weekday: 'Wednesday' },
    })
    const [slot] = found.reply.slots ?? []
    if (!slot) throw new Error(found.reply.say)
    const held = await agent.call('hold_time', { ...timeOf(slot), service: 'Leaking tap', callId: 'c' })
    const booked = await agent.call('book_appointment', { hold: held.reply.hold, ...customer, callId: 'c' })
    expect(booked).toMatchObject({ isError: false, reply: { ok: true, appointment: { ...timeOf(slot), callId: 'c' } } })
    const again = await agent.call('book_appointment', { hold: held.reply.hold, ...customer, callId: 'c' })
    expect(again.reply).toMatchObject({ alreadyBooked: true, appointment: { id: booked.reply.appointment?.id } })

    const { id: appointment } = booked.reply.appointment ?? { id: '' }
    const moved = await agent.call('move_appointment', { appointment, ...day, time: '3 pm' })
    expect(moved.reply).toMatchObject({ ok: true, appointment: { time: '15:00' } })
    const cancelled = await agent.call('cancel_appointment', { appointment, phoneLast4: '5678' })
    expect(cancelled.reply).toMatchObject({ ok: true, appointment: { status: 'cancelled' } })
    expect(new Set(versions)).toEqual(new Set([version]))
  })

  test('a taken time is no error, and an expired hold is one', async () => {
    const agent = await connect()
    const tap = { ...day, time: '2 pm', service: 'Leaking tap', member: 'Mia' }
    const { reply } = await agent.call('hold_time', tap)
    const taken = await agent.call('book_appointment', { ...tap, ...customer })
    expect(taken).toMatchObject({ isError: false, reply: { ok: false, code: 'taken' } })
    expect(taken.reply.alternatives).toHaveLength(3)
    await database.sql`update holds set expires_at = now() - interval '1 second' where id = ${reply.hold ?? ''}`
    const late = await agent.call('book_appointment', { hold: reply.hold, ...customer })
    expect(late).toMatchObject({ isError: true, reply: { code: 'held-expired' } })
  })

  test('bad input is answered in words and books nothing', async () => {
    const agent = await connect()
    for (const [what, input, code, isError] of badBookings())
      expect([what, await agent.call('book_appointment', input)]).toMatchObject([
        what,
        { isError, reply: { ok: false, code } },
      ])
    const [row] = await database.sql`select count(*)::int as n from appointments where business_id = ${own.businessId}`
    expect(row?.n).toBe(0)
  })

  test('an unknown tool is a protocol error', async () => {
    const agent = await connect()
    await expect(agent.call('drop_table', {})).rejects.toMatchObject({ code: -32_602 })
  })
})

test('a caller who interrupts leaves one appointment at most, and the repeated call finds it', async () => {
  const params = {
    name: 'book_appointment',
    _meta: meta('2026-07-28'),
    arguments: { ...day, time: '2 pm', service: 'Leaking tap', ...customer, callId: 'c' },
  }
  const request = {
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'book_appointment' },
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
  }
  for (let n = 0; n < 5; n++) {
    const interrupted = new AbortController()
    arrived = () => interrupted.abort()
    await expect(send({ ...request, signal: interrupted.signal })).rejects.toThrow('abort')
  }
  arrived = () => {}
  const { result } = JSON.parse((await send(request)).text)
  expect(result.structuredContent).toMatchObject({ ok: true, appointment: { ...day, time: '14:00' } })
  const [row] = await database.sql`select count(*)::int as n from appointments where business_id = ${own.businessId}`
  expect(row?.n).toBe(1)
})

const meta = (version: string) => ({
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientInfo': info,
  'io.modelcontextprotocol/clientCapabilities': {},
})

type Sent = { method?: string; headers?: Record<string, string>; body?: string | object; signal?: AbortSignal }

const send = async ({ method = 'POST', headers = {}, body, signal }: Sent) => {
  const response = await fetch(server.url, {
    ...{ method, signal },
    headers: {
      ...{ authorization: `Bearer ${own.secret}`, 'content-type': 'application/json' },
      ...{ accept: 'application/json, text/event-stream', ...headers },
    },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text }
}

const errorOf = ({ text }: { text: string }): { code: number; message: string; data?: object } =>
  JSON.parse(text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '{}')).error

describe('requests that the specification refuses', () => {
  const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }
  const list = (version: string) => ({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: meta(version) } })

  test('a well-formed request is answered without a session', async () => {
    const { status, headers, text } = await send({ headers: modern, body: list('2026-07-28') })
    expect([status, headers.get('mcp-session-id')]).toEqual([200, null])
    expect(JSON.parse(text).result.tools).toHaveLength(8)
  })

  test('without a key, or with an unknown one: 401 with a challenge', async () => {
    for (const authorization of ['', `Bearer sk_live_${'x'.repeat(43)}`]) {
      const { status, headers } = await send({ headers: { ...modern, authorization }, body: list('2026-07-28') })
      expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)])
    }
  })

  test('from a page of another site: 403; from our own it passes', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://localhost.evil.example'])
      expect((await send({ headers: { ...modern, origin }, body: list('2026-07-28') })).status).toBe(403)
    const same = await send({ headers: { ...modern, origin: 'http://localhost:3999' }, body: list('2026-07-28') })
    expect(same.status).toBe(200)
  })

  test('an unknown revision is named, with those that are served', async () => {
    const answer = await send({
      headers: { ...modern, 'mcp-protocol-version': '2031-01-01' },
      body: list('2031-01-01'),
    })
    expect([answer.status, errorOf(answer)]).toMatchObject([
      400,
      { code: -32_022, data: { supported: ['2026-07-28'] } },
    ])
  })

  test('headers that do not match the body are refused', async () => {
    for (const wrong of [{ 'mcp-method': 'tools/call' }, { 'mcp-protocol-version': '2025-11-25' }]) {
      const answer = await send({ headers: { ...modern, ...wrong }, body: list('2026-07-28') })
      expect([answer.status, errorOf(answer).code]).toEqual([400, -32_020])
    }
  })

  test('an older client may not name an unknown revision in its header', async () => {
    const old = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
    expect((await send({ headers: { 'mcp-protocol-version': '1999-01-01' }, body: old })).status).toBe(400)
  })

  test('too many requests of a key: 429 with the time to wait, and calls are not affected', async () => {
    await database.sql`
      insert into rate_limits (key, window_ends_at, count)
      select 'key:' || id || ':reads', now() + interval '1 hour', 60 from api_keys where business_id = ${own.businessId}`
    const refused = await send({ headers: modern, body: list('2026-07-28') })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await send({ headers: modern, body: '{' })).status).toBe(429)
    const book = { ...day, time: '2 pm', service: 'Leaking tap', ...customer }
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'book_appointment', _meta: meta('2026-07-28'), arguments: book },
    }
    const headers = { ...modern, 'mcp-method': 'tools/call', 'mcp-name': 'book_appointment' }
    expect(JSON.parse((await send({ headers, body: call })).text)).toMatchObject({
      result: { structuredContent: { ok: true } },
    })
  })

  test('no stream and no session: GET and DELETE are 405', async () => {
    for (const method of ['GET', 'DELETE']) expect((await send({ method })).status).toBe(405)
  })

  test.each<[string, Sent, number, number]>([
    ['no JSON', { body: '{' }, 400, -32_700],
    ['an empty body', { body: '' }, 400, -32_700],
    ['another type', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, -32_000],
    ['1 MB', { body: { x: 'x'.repeat(1_000_000) } }, 413, -32_000],
    ['no message', { body: { hello: 1 } }, 400, -32_600],
  ])('%s', async (_, request, status, code) => {
    const answer = await send(request)
    expect([answer.status, errorOf(answer).code]).toEqual([status, code])
  })
})
