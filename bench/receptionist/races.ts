import { ms, percentile } from '../statistics.ts'
import type { Row } from '../table.ts'
import type { Environment } from './environment.ts'
import { type Booked, concurrently, dateIn, phoneOf, request, type Slots } from './request.ts'

const [rounds, callers, offers, duplicates] = [50, 200, 10_000, 1_000]
/** Of the days on which offers are booked; earlier ones are raced for. */
const [firstDay, lastDay, daysAtOnce] = [70, 360, 8]

export const measureRaces = async (environment: Environment): Promise<Row[]> => {
  const { raced } = environment
  const member = raced.memberIds[0]
  const durations: number[] = []
  const counts = { winners: 0, without: 0, other: 0 }
  for (let round = 0; round < rounds; round++) {
    const start = `${dateIn(10 + round)}T12:00:00+11:00`
    const answers = await Promise.all(
      Array.from({ length: callers }, (_, n) => {
        const body = {
          start,
          duration: 30,
          member,
          customer: { name: `Caller ${n}`, phone: phoneOf(n) },
          callId: `${round} ${n}`,
        }
        return request<Booked>(environment, raced, { method: 'POST', path: 'appointments', body, as: n })
      }),
    )
    for (const { status, body, ms: took } of answers) {
      durations.push(took)
      if (status === 201) counts.winners++
      else if (status !== 409) counts.other++
      else if (body.alternatives?.length !== 3) counts.without++
    }
  }
  return [
    {
      work: `${callers} callers want one time, ${rounds} rounds`,
      target: 'one winner each, three alternatives for the others',
      measured: `${counts.winners} winners; ${counts.without} without three alternatives; ${counts.other} other answers`,
      baseline: `answers: p50 ${ms(percentile(durations, 50))}, p95 ${ms(percentile(durations, 95))}`,
      met: counts.winners === rounds && counts.without === 0 && counts.other === 0,
    },
  ]
}

export const measureDuplicates = async (environment: Environment): Promise<Row[]> => {
  const { raced } = environment
  const ids = new Set<string>()
  const body = {
    ...{ start: `${dateIn(9)}T15:00:00+11:00`, service: 'Tap', callId: 'twice' },
    customer: { name: 'Alex Taylor', phone: phoneOf(1) },
  }
  await concurrently(duplicates, 50, async () => {
    const { body: booked } = await request<Booked>(environment, raced, { method: 'POST', path: 'appointments', body })
    ids.add(booked.id)
  })
  return [
    {
      work: `one booking sent ${duplicates.toLocaleString('en')} times, 50 at once`,
      target: 'one appointment',
      measured: `${ids.size} appointment${ids.size === 1 ? '' : 's'}`,
      baseline: '—',
      met: ids.size === 1,
    },
  ]
}

/** One after another on each day: what is offered is booked before anything else changes there. */
export const measureOffers = async (environment: Environment): Promise<Row[]> => {
  const { raced } = environment
  const counts = { booked: 0, refused: 0 }
  await concurrently(lastDay - firstDay, daysAtOnce, async (after) => {
    const day = firstDay + after
    for (;;) {
      const path = `slots?duration=30&from=${dateIn(day)}&to=${dateIn(day)}&limit=1`
      const { body } = await request<Slots>(environment, raced, { path, as: day })
      const [slot] = body.slots ?? []
      if (!slot || counts.booked >= offers) break
      const n = counts.booked + counts.refused
      const booking = {
        start: slot.start,
        duration: 30,
        customer: { name: 'Alex Taylor', phone: phoneOf(n) },
        callId: `${n}`,
      }
      const { status } = await request<Booked>(environment, raced, {
        method: 'POST',
        path: 'appointments',
        body: booking,
        as: day,
      })
      counts[status === 201 ? 'booked' : 'refused']++
      if (counts.refused > 100) break
    }
  })
  return [
    {
      work: `${offers.toLocaleString('en')} times that were offered, each booked at once`,
      target: 'none refused',
      measured: `${counts.booked.toLocaleString('en')} booked, ${counts.refused} refused`,
      baseline: '—',
      met: counts.booked >= offers && counts.refused === 0,
    },
  ]
}
