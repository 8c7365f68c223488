import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AppointmentChange } from '#lib/appointments/schema.ts'

const server = vi.hoisted(() => ({ sent: [] as string[], answer: null as unknown }))
vi.mock('#lib/appointments/actions.ts', () => ({
  changeAppointment: async ({ id }: { id: string }) => {
    server.sent.push(id)
    if (server.answer instanceof Error) throw server.answer
    return server.answer
  },
}))

const tooMany = { ok: false, code: 'too-many-bookings', message: 'Too many attempts.' }
const booked = { ok: true, appointment: {} }

/** A page of its own: the outbox is one per page. */
const openPage = async () => {
  vi.resetModules()
  const outbox = await import('./outbox.ts')
  await outbox.openOutbox('olive')
  return { ...outbox, ...(await import('./outbox-state.ts')) }
}

const change = (): AppointmentChange => ({
  kind: 'create',
  id: randomUUID(),
  fields: {
    title: 'Tap repair',
    start: '2027-06-01T00:00:00Z',
    end: '2027-06-01T01:00:00Z',
    ...{ location: '', notes: '', customerName: '', customerPhone: '', customerEmail: '', assigneeIds: [] },
  },
})

let stored: Map<string, string>
beforeEach(() => {
  vi.useFakeTimers()
  server.sent = []
  stored = new Map()
  const storage = { getItem: (key: string) => stored.get(key) ?? null, removeItem: (key: string) => stored.delete(key) }
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('localStorage', { ...storage, setItem: (key: string, value: string) => stored.set(key, value) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('at the limit of bookings it pauses, keeps all changes, and sends them in order a minute later', async () => {
  const { mutate, outboxState } = await openPage()
  server.answer = tooMany
  const changes = [change(), change()]
  const [first, second] = changes.map((each) => mutate({ change: each, bookAnyway: false }))
  expect(await first).toEqual({ ok: 'queued', why: 'too-many-bookings' })
  expect(await second).toEqual({ ok: 'queued', why: 'too-many-bookings' })
  expect(server.sent).toEqual([changes[0]?.id])
  expect(outboxState()).toMatchObject({ paused: 'too-many-bookings', refusals: [] })
  expect(outboxState().changes.map((each) => each.change)).toEqual(changes)
  expect(stored.size).toBe(2)

  server.answer = booked
  await vi.advanceTimersByTimeAsync(59_000)
  expect(server.sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(server.sent).toEqual([changes[0], ...changes].map((each) => each?.id))
  expect(outboxState()).toMatchObject({ paused: null, changes: [], refusals: [] })
  expect(stored.size).toBe(0)
})

test('it stays paused as long as the limit lasts, once a minute', async () => {
  const { mutate, outboxState } = await openPage()
  server.answer = tooMany
  await mutate({ change: change(), bookAnyway: false })
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(server.sent).toHaveLength(11)
  expect(outboxState()).toMatchObject({ paused: 'too-many-bookings', changes: [{}], refusals: [] })
})

test('without a connection it tries again every four seconds', async () => {
  const { mutate, outboxState } = await openPage()
  server.answer = new Error('offline')
  expect(await mutate({ change: change(), bookAnyway: false })).toEqual({ ok: 'queued', why: 'no-connection' })
  await vi.advanceTimersByTimeAsync(8000)
  expect(server.sent).toHaveLength(3)
  server.answer = booked
  await vi.advanceTimersByTimeAsync(4000)
  expect(outboxState()).toMatchObject({ paused: null, changes: [], refusals: [] })
})

test('a clash is refused at once, and only a kept change is refused later', async () => {
  const { mutate, outboxState } = await openPage()
  const clash = { ok: false, code: 'clash', message: 'That time is taken.' }
  server.answer = clash
  expect(await mutate({ change: change(), bookAnyway: false })).toEqual(clash)
  expect(outboxState()).toMatchObject({ paused: null, changes: [], refusals: [] })
  server.answer = tooMany
  await mutate({ change: change(), bookAnyway: false })
  server.answer = clash
  await vi.advanceTimersByTimeAsync(60_000)
  expect(outboxState()).toMatchObject({ paused: null, changes: [], refusals: [{ answer: clash }] })
})

test('a change made before it is opened is stored for the member, once', async () => {
  vi.resetModules()
  const { mutate, openOutbox } = await import('./outbox.ts')
  const { outboxState } = await import('./outbox-state.ts')
  server.answer = tooMany
  const early = change()
  await mutate({ change: early, bookAnyway: false })
  await openOutbox('olive')
  expect([...stored.keys()]).toEqual([expect.stringMatching(/^sophiie-outbox-olive-/)])
  expect(outboxState().changes.map((each) => each.change)).toEqual([early])
  expect(outboxState().replay([])).toMatchObject([{ id: early.id, sync: { state: 'saving' } }])
})

test('it sends when the connection or the page comes back', async () => {
  const { mutate } = await openPage()
  server.answer = new Error('offline')
  await mutate({ change: change(), bookAnyway: false })
  for (const name of ['online', 'focus']) window.dispatchEvent(new Event(name))
  await vi.advanceTimersByTimeAsync(0)
  expect(server.sent.length).toBeGreaterThan(1)
})
