import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Action, answerOf, builtActions } from '../../e2e/steps/actions.ts'
import type { Arrivals } from './arrivals.ts'
import type { Business, Member } from './businesses.ts'
import type { Recorder } from './recorder.ts'

const slotMinutes = 15
const slotsPerDay = (24 * 60) / slotMinutes
const [retryMs, timeoutMs, maxTries] = [1000, 30_000, 120]

type Booker = {
  url: string
  first: number
  recorder: Recorder
  arrivals: { expect: (...item: Parameters<Arrivals['expect']>) => void }
}
type ActionResult = { ok?: boolean; code?: string }

/** Books through the form's server action; retries failures with the same id, like the page. */
export const makeBooker = ({ url, first, recorder, arrivals }: Booker) => {
  const action = builtActions().get('appointments#changeAppointment')
  if (!action) throw new Error('The build does not have the action changeAppointment.')
  const accepted = new Map<string, Set<string>>()
  const slots = new Map<string, number>()
  let sending = 0

  /** The member's next free slot, from the first day on. */
  const nextStart = ({ id }: Member) => {
    const slot = slots.get(id) ?? 0
    slots.set(id, slot + 1)
    return first + slot * slotMinutes * 60_000
  }
  const book = async (business: Business, member: Member): Promise<void> => {
    const change = changeOf(member, nextStart(member))
    sending++
    const send = () => recorder.measure('booking', () => post({ url, action, member }, change))
    for (let tries = 1; !(await send()); tries++) {
      if (tries === maxTries) throw new Error('A booking was never accepted.')
      await pause(retryMs)
    }
    sending--
    accepted.set(business.id, (accepted.get(business.id) ?? new Set()).add(change.id))
    arrivals.expect('booking', change.id)
  }
  return { book, accepted, sending: () => sending }
}

/** Days needed for the bookings of one member. */
export const daysFor = (bookings: number) => Math.ceil(bookings / slotsPerDay) + 1

const changeOf = (member: Member, start: number) => ({
  kind: 'create',
  id: randomUUID(),
  fields: {
    title: 'Blocked drain',
    start: new Date(start).toISOString(),
    end: new Date(start + slotMinutes * 60_000).toISOString(),
    location: '12 Pittwater Rd, Manly',
    notes: '',
    customerName: 'K. Ng',
    customerPhone: '',
    customerEmail: '',
    assigneeIds: [member.id],
  },
})

const post = async ({ url, action, member }: { url: string; action: Action; member: Member }, change: unknown) => {
  const response = await fetch(`${url}${action.page}`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      ...{ 'next-action': action.id, accept: 'text/x-component', origin: url, cookie: member.cookie },
      'content-type': 'text/plain;charset=UTF-8',
    },
    body: JSON.stringify([change]),
  })
  const { status, value } = await answerOf(response)
  const { ok, code } = (value ?? {}) as ActionResult
  if (!ok) throw new Error(code ?? `status ${status}`)
}
