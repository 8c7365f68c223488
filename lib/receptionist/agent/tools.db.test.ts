import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { insertAgentBusiness, insertKey, timeOf, toolsByHttp } from '#testing/receptionist/agent.ts'
import { badBookings, oddTexts, wednesday } from '#testing/receptionist/agent-inputs.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { answerTool, onlyPost } from './http.ts'

const database = ownDatabase()
let own: Awaited<ReturnType<typeof insertAgentBusiness>>
let call: ReturnType<typeof toolsByHttp>

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  own = await insertAgentBusiness(database)
  call = toolsByHttp(own.secret)
})

const caller = { name: 'Alex Taylor', phone: '0412 345 678' }
const other = { name: 'Kim Ng', phone: '0412 555 161' }
const day = { date: wednesday().toString(), weekday: 'Wednesday' }
const tap = { service: 'Leaking tap', ...day, time: '2 pm' }

const stored = async () => {
  const [row] = await database.sql`select
    (select count(*)::int from appointments where business_id = ${own.businessId}) as appointments,
    (select count(*)::int from holds where business_id = ${own.businessId}) as holds,
    (select count(*)::int from messages where business_id = ${own.businessId}) as messages`
  return row
}

test('a whole call: context, times, hold, booking, then another call that moves and cancels', async () => {
  const context = await call('get_context', { phone: caller.phone, callId: 'call-1' })
  expect(context).toMatchObject({ ok: true, business: 'Harbour Plumbing', appointments: [] })
  expect(context.days).toHaveLength(21)

  const found = await call('find_times', { service: 'dripping tap', from: day.date, weekday: 'Wed', to: day.date })
  const [slot] = found.slots ?? []
  if (!slot) throw new Error(found.say)
  expect(slot).toMatchObject(day)
  expect(found.say).toMatch(/^On Wednesday the .* I have 8 am, 10:15 am or 12:45 pm, and more\.$/)

  const held = await call('hold_time', { ...timeOf(slot), service: 'Leaking tap', callId: 'call-1' })
  expect(held).toMatchObject({ ok: true, ...timeOf(slot), hold: expect.any(String) })
  const booked = await call('book_appointment', { hold: held.hold, ...caller, callId: 'call-1' })
  expect(booked).toMatchObject({ ok: true, appointment: { status: 'booked', ...timeOf(slot), title: 'Leaking tap' } })
  const { id, reference } = booked.appointment ?? { id: '', reference: '' }
  expect(booked.say).toContain([...reference].join(', '))

  expect(await call('get_context', { phone: '+61412345678' })).toMatchObject({
    appointments: [{ id, ...timeOf(slot) }],
  })
  const moved = await call('move_appointment', { reference, phone: caller.phone, ...day, time: '15:00' })
  expect(moved).toMatchObject({ ok: true, appointment: { id, ...day, time: '15:00' } })
  const cancelled = await call('cancel_appointment', { appointment: id, surname: 'taylor' })
  expect(cancelled).toMatchObject({ ok: true, appointment: { id, status: 'cancelled' } })
  expect(await call('cancel_appointment', { phone: caller.phone, reference })).toMatchObject({ ok: true })
  expect(await stored()).toMatchObject({ appointments: 1 })
})

describe('booking', () => {
  test('repeated by the same call books once', async () => {
    const booking = { ...tap, ...caller, callId: 'call-7' }
    const answers = await Promise.all([1, 2, 3].map(() => call('book_appointment', booking)))
    const ids = new Set(answers.map(({ appointment }) => appointment?.id))
    expect(ids.size).toBe(1)
    expect(answers.filter(({ alreadyBooked }) => alreadyBooked)).toHaveLength(2)
    expect(await stored()).toMatchObject({ appointments: 1 })
  })

  test('the header names the call where the input does not', async () => {
    const byHeader = toolsByHttp(own.secret, { 'x-call-id': 'call-8' })
    const first = await byHeader('book_appointment', { ...tap, ...caller })
    expect(first).toMatchObject({ appointment: { callId: 'call-8' } })
    expect(await call('book_appointment', { ...tap, ...caller, callId: 'call-8' })).toMatchObject({
      ...{ alreadyBooked: true, appointment: { id: first.appointment?.id } },
    })
  })

  test('a taken time comes with three alternatives, which can be booked', async () => {
    const withMia = { ...tap, member: 'Mia' }
    expect(await call('book_appointment', { ...withMia, ...caller })).toMatchObject({ ok: true })
    const taken = await call('book_appointment', { ...withMia, ...other })
    expect(taken).toMatchObject({ ok: false, code: 'taken' })
    expect(taken.alternatives).toHaveLength(3)
    for (const { say } of taken.alternatives ?? []) expect(taken.say).toContain(say.split(' at ')[1])
    expect(taken.say.split('Wednesday')).toHaveLength(2)
    const [first] = taken.alternatives ?? []
    if (!first) throw new Error('There is no alternative.')
    expect(await call('book_appointment', { ...withMia, ...timeOf(first), ...other })).toMatchObject({ ok: true })
  })

  test('a hold of another time than the one given is not booked', async () => {
    const { hold } = await call('hold_time', tap)
    expect(await call('book_appointment', { hold, ...tap, time: '3 pm', ...caller })).toMatchObject({
      ...{ ok: false, code: 'invalid', say: expect.stringMatching(/^I am holding .* at 2 pm, not .* at 3 pm\./) },
    })
    expect(await stored()).toMatchObject({ appointments: 0 })
    expect(await call('book_appointment', { hold, ...tap, ...caller })).toMatchObject({ ok: true })
  })

  test('an expired hold says so', async () => {
    const { hold } = await call('hold_time', tap)
    await database.sql`update holds set expires_at = now() - interval '1 second' where id = ${hold ?? ''}`
    expect(await call('book_appointment', { hold, ...caller })).toMatchObject({ ok: false, code: 'held-expired' })
  })

  test('texts that look like code are only text, and numbers may be text', async () => {
    const booked = await call('book_appointment', oddTexts())
    expect(booked).toMatchObject({ ok: true, appointment: { notes: "'; drop table x; --", title: 'Leaking tap' } })
    expect(Date.parse(booked.appointment?.start ?? '')).toBeGreaterThan(Date.now())
  })

  test.each(badBookings())('%s is refused in words', async (_, input, code) => {
    for (const tool of code === 'not-found' ? ['book_appointment'] : ['book_appointment', 'hold_time']) {
      const answer = await call(tool, input)
      if (tool === 'hold_time' && answer.ok) continue
      expect(answer).toMatchObject({ ok: false, say: expect.stringMatching(/^[^{}<>_]{10,400}$/) })
      if (tool === 'book_appointment') expect(answer.code).toBe(code)
    }
    expect(await stored()).toMatchObject({ appointments: 0 })
  })

  test('an ambiguous name asks which', async () => {
    const answer = await call('book_appointment', { ...tap, ...caller, service: 'tap' })
    expect(answer.say).toBe('Which one: Kitchen tap fitting or Leaking tap?')
  })
})

describe('other tools', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['find_times', { service: 'Leaking tap', from: '2027-02-30' }, 'no-such-time'],
    ['find_times', { service: 'Leaking tap', from: day.date, weekday: 'Tuesday' }, 'weekday-mismatch'],
    ['find_times', { service: 'Leaking tap', from: day.date, to: '2020-01-01' }, 'invalid'],
    ['find_times', { service: 'Leaking tap', from: '9999-12-31' }, 'no-such-time'],
    ['find_times', { service: 'Leaking tap', to: 'Friday' }, 'invalid'],
    ['find_times', { service: 'Leaking tap', part: 'midnight' }, 'invalid'],
    ['find_times', { service: 'Leaking tap', limit: 0 }, 'invalid'],
    ['find_times', {}, 'invalid'],
    ['get_context', { phone: 'none' }, 'bad-phone'],
    ['find_appointments', {}, 'invalid'],
    ['find_appointments', { phone: 'x'.repeat(100) }, 'invalid'],
    ['move_appointment', { ...day, time: '3 pm' }, 'invalid'],
    ['move_appointment', { ...day, time: '3 pm', appointment: 'first one' }, 'not-found'],
    ['move_appointment', { ...day, time: '3 pm', phone: caller.phone }, 'not-found'],
    ['move_appointment', { ...day, time: '3 pm', phone: caller.phone, reference: 'ABC234' }, 'not-found'],
    ['cancel_appointment', { phone: caller.phone }, 'proof-needed'],
    ['cancel_appointment', { phone: caller.phone, phoneLast4: '12' }, 'invalid'],
    ['cancel_appointment', { phone: caller.phone, surname: 'Taylor' }, 'not-found'],
    ['leave_message', { phone: caller.phone }, 'invalid'],
    ['leave_message', { wish: 'Ring me', phone: 'abc' }, 'bad-phone'],
    ['leave_message', { wish: 'x'.repeat(10_000), phone: caller.phone }, 'invalid'],
  ])('%s refuses %j', async (tool, input, code) => {
    expect(await call(tool, input)).toMatchObject({ ok: false, code, say: expect.stringMatching(/\w/) })
    expect(await stored()).toEqual({ appointments: 0, holds: 0, messages: 0 })
  })

  test('a message is left once it is whole', async () => {
    expect(await call('leave_message', { phone: caller.phone, wish: 'A quote for a bathroom' })).toMatchObject({
      ok: true,
    })
    expect(await stored()).toMatchObject({ messages: 1 })
  })

  test('cancelling needs a fact that is right, and of two appointments it asks which', async () => {
    await call('book_appointment', { ...tap, ...caller })
    expect(await call('cancel_appointment', { phone: caller.phone, surname: 'Smith' })).toMatchObject({
      code: 'proof-needed',
    })
    const second = await call('book_appointment', { ...tap, time: '10 am', ...caller })
    const which = await call('cancel_appointment', { phone: caller.phone, surname: 'Taylor' })
    expect(which).toMatchObject({ ok: false, say: expect.stringMatching(/^Which one: .* at 10 am or .* at 2 pm\?$/) })
    expect(which.appointments).toHaveLength(2)
    expect(await call('cancel_appointment', { appointment: second.appointment?.id, phoneLast4: '5678' })).toMatchObject(
      {
        ok: true,
      },
    )
  })

  test('what proves a caller is in no answer that a phone number alone brings', async () => {
    const booked = await call('book_appointment', { ...tap, ...caller, notes: 'Side gate code 4471' })
    for (const tool of ['get_context', 'find_appointments']) {
      const found = JSON.stringify(await call(tool, { phone: caller.phone }))
      expect(found).toContain(booked.appointment?.id)
      for (const secret of [booked.appointment?.reference ?? '', 'Taylor', '4471', '5678'])
        expect(found).not.toContain(secret)
    }
  })

  test('a move that raced with another change is made upon it', async () => {
    const { appointment } = await call('book_appointment', { ...tap, ...caller })
    const moves = ['9 am', '10 am', '11 am'].map((time) =>
      call('move_appointment', { appointment: appointment?.id, ...day, time }),
    )
    const answers = await Promise.all(moves)
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(2)
    for (const { ok, code } of answers) expect(ok || code === 'revision-mismatch').toBe(true)
  })
})

describe('the request', () => {
  test.each(['[]', '"x"', 'null', '1', '{', '{"__proto__": {"ok": true}}', '{"constructor": 1}'])(
    'the body %j is answered in words',
    async (body) => {
      expect(await call('book_appointment', body)).toMatchObject({
        ok: false,
        code: 'invalid',
        say: expect.any(String),
      })
    },
  )

  test('a body over 64 KB and one that is not JSON are answered in words', async () => {
    expect(await call('book_appointment', { notes: 'x'.repeat(1_000_000) })).toMatchObject({ code: 'too-large' })
    const asText = toolsByHttp(own.secret, { 'content-type': 'text/plain' })
    expect(await asText('get_context', {})).toMatchObject({ code: 'unsupported-media-type' })
  })

  test('while the database fails, the answer is a sentence', async () => {
    await database.sql`alter table api_keys rename to api_keys_away`
    onTestFinished(async () => void (await database.sql`alter table api_keys_away rename to api_keys`))
    expect(await call('book_appointment', { ...tap, ...caller })).toMatchObject({
      ...{ ok: false, code: 'unavailable', say: expect.stringContaining('try again') },
    })
  })

  const post = (tool: string, headers: Record<string, string>, body?: string) =>
    answerTool(new Request(`http://localhost/api/v1/agent/${tool}`, { method: 'POST', headers, body }), tool)

  test('without a body it is an empty object', async () => {
    const authorization = `Bearer ${own.secret}`
    for (const response of [
      await post('get_context', { authorization }),
      await post('get_context', { authorization, 'content-length': '0' }, ''),
    ])
      expect(await response.json()).toMatchObject({ ok: true, business: 'Harbour Plumbing' })
  })

  test('the arguments may be wrapped as Retell does, and the call names itself', async () => {
    const wrapped = { name: 'book_appointment', call: { call_id: 'r-1', transcript: '…' }, args: { ...tap, ...caller } }
    expect(await call('book_appointment', wrapped)).toMatchObject({ ok: true, appointment: { callId: 'r-1' } })
    expect(await call('book_appointment', wrapped)).toMatchObject({ ok: true, alreadyBooked: true })
  })

  test('a bad key is 401, an unknown tool 404, another method 405', async () => {
    for (const authorization of ['', 'Bearer x', `Bearer sk_live_${'x'.repeat(43)}`, `Basic ${own.secret}`]) {
      const response = await post('get_context', { authorization })
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringMatching(/^Bearer/),
      ])
    }
    expect((await post('drop_table', { authorization: `Bearer ${own.secret}` })).status).toBe(404)
    expect((await post('constructor', { authorization: `Bearer ${own.secret}` })).status).toBe(404)
    expect([onlyPost().status, onlyPost().headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('keys', () => {
  test('without a scope the answer is a sentence', async () => {
    const reader = toolsByHttp(await insertKey(database, own, { scopes: ['availability:read'] }))
    expect(await reader('find_times', { service: 'Leaking tap' })).toMatchObject({ ok: true })
    for (const tool of ['hold_time', 'book_appointment', 'find_appointments', 'move_appointment', 'leave_message'])
      expect(await reader(tool, { ...tap, ...caller })).toMatchObject({ ok: false, code: 'forbidden' })
  })

  test('that may not find customers learn nothing from a phone number', async () => {
    await call('book_appointment', { ...tap, ...caller })
    await call('book_appointment', { ...tap, time: '10 am', ...caller })
    const mover = toolsByHttp(await insertKey(database, own, { scopes: ['appointments:write', 'appointments:cancel'] }))
    for (const [tool, input] of [
      ['move_appointment', { ...day, time: '3 pm' }],
      ['cancel_appointment', { surname: 'Taylor' }],
    ] as const) {
      const answer = await mover(tool, { ...input, phone: caller.phone })
      expect(answer).toMatchObject({ ok: false, fields: { reference: expect.any(String) } })
      expect(answer.appointments).toBeUndefined()
    }
  })

  test('of another business, or for tests, do not see the appointment', async () => {
    const { appointment } = await call('book_appointment', { ...tap, ...caller })
    const { hold } = await call('hold_time', { ...tap, time: '3 pm' })
    const stranger = toolsByHttp((await insertAgentBusiness(database)).secret)
    const tester = toolsByHttp(await insertKey(database, own, { test: true }))
    for (const outside of [stranger, tester]) {
      const target = { appointment: appointment?.id, ...day, time: '4 pm' }
      expect(await outside('move_appointment', target)).toMatchObject({ code: 'not-found' })
      expect(await outside('cancel_appointment', { ...target, surname: 'Taylor' })).toMatchObject({ code: 'not-found' })
      expect(await outside('find_appointments', { phone: caller.phone })).toMatchObject({ appointments: [] })
      expect(await outside('get_context', { phone: caller.phone })).toMatchObject({ appointments: [] })
      expect(await outside('book_appointment', { hold, ...caller })).toMatchObject({ code: 'not-found' })
    }
  })

  test('while Sophiie may not book, every write is a sentence, and a message can be left', async () => {
    await database.sql`update businesses set receptionist_may_book = false where id = ${own.businessId}`
    for (const tool of ['hold_time', 'book_appointment'])
      expect(await call(tool, { ...tap, ...caller })).toMatchObject({ ok: false, code: 'switched-off' })
    expect(await call('leave_message', { ...caller, wish: 'Ring me' })).toMatchObject({ ok: true })
  })
})

test('the log of the call has what was asked and answered, and proofs only by name', async () => {
  const { appointment } = await call('book_appointment', { ...tap, ...caller, callId: 'call-9' })
  await call('cancel_appointment', { appointment: appointment?.id, surname: 'Taylor', callId: 'call-9' })
  await call('find_times', { service: 'Haircut', callId: 'call-9' })
  const read = () => database.sql`
    select verb, outcome, asked, said, appointment_id from api_requests
    where business_id = ${own.businessId} and call_id = 'call-9' order by id`
  const rows = await vi.waitUntil(async () => {
    const written = await read()
    return written.length === 3 && written
  }, 10_000)
  expect(rows).toMatchObject([
    { verb: 'book_appointment', outcome: 'ok', appointment_id: appointment?.id, asked: { service: 'Leaking tap' } },
    { verb: 'cancel_appointment', outcome: 'ok', asked: { proof: ['surname'] } },
    { verb: 'find_times', outcome: 'unknown-service', said: expect.stringContaining('We offer') },
  ])
})
