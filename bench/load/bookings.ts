import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Action, answerOf, builtActions } from '../../e2e/steps/actions.ts'
import type { Arrivals } from './arrivals.ts'
import type { Business, Member } from './businesses.ts'
import type { Tally } from './tally.ts'

const slotMinutes = 15
const slotsPerDay = (24 * 60) / slotMinutes
const [retryMs, limitMs, mostTries] = [1000, 30_000, 120]

type Booker = { url: string; first: number; tally: Tally; arrivals: Arrivals }
type Answered = { ok?: boolean; code?: string }

/** Bookings by the server action of the form. What fails is sent again with the same id, as the page does. */
export const makeBooker = ({ url, first, tally, arrivals }: Booker) => {
  const action = builtActions().get('appointments#changeAppointment')
  if (!action) throw new Error('The build has no action that books.')
  const accepted = new Map<string, Set<string>>()
  const slots = new Map<string, number>()
  let sending = 0

  /** The next free quarter of an hour of the member, from the first day on. */
  const nextStart = ({ id }: Member) => {
    const slot = slots.get(id) ?? 0
    slots.set(id, slot + 1)
    return first + slot * slotMinutes * 60_000
  }
  const book = async (business: Business, member: Member): Promise<void> => {
    const change = changeOf(member, nextStart(member))
    sending++
    const send = () => tally.measure('booking', () => post({ url, action, member }, change))
    for (let tries = 1; !(await send()); tries++) {
      if (tries === mostTries) throw new Error('A booking was never accepted.')
      await pause(retryMs)
    }
    sending--
    accepted.set(business.id, (accepted.get(business.id) ?? new Set()).add(change.id))
    arrivals.expect('booking', change.id)
  }
  return { book, accepted, sending: () => sending }
}

/** So many days are needed for so many bookings of one member. */
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

const post = async (
  { url, action, member }: { url: string; action: Action; member: Member },
  change: unknown,
) => {
  const response = await fetch(`${url}${action.page}`, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(limitMs),
    headers: {
      ...{ 'next-action': action.id, accept: 'text/x-component', origin: url, cookie: member.cookie },
      'content-type': 'text/plain;charset=UTF-8',
    },
    body: JSON.stringify([change]),
  })
  const { status, value } = await answerOf(response)
  const { ok, code } = (value ?? {}) as Answered
  if (!ok) throw new Error(code ?? `status ${status}`)
}
