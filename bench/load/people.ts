import { setTimeout as pause } from 'node:timers/promises'
import type { Business, Member } from './businesses.ts'
import { get, listen } from './http.ts'
import type { Tally } from './tally.ts'

/** Somebody with the calendar page open, as the page behaves: a stream, and a reading after each burst of news. */
export type Person = ReturnType<typeof openCalendar>

/** Of `use-appointments.ts`, `query-provider.tsx` and the route of the stream. */
const [burstMs, refetchMs, retryMs] = [120, 60_000, 2000]

type Open = { url: string; business: Business; member: Member; range: string; tally: Tally }

export const openCalendar = ({ url, business, member, range, tally }: Open) => {
  const { cookie } = member
  let [open, listening, streamed] = [true, false, false]
  let seen = new Set<string>()
  let reading: Promise<unknown> = Promise.resolve()
  let burst: NodeJS.Timeout | undefined

  const read = () =>
    tally.measure('reading', async () => {
      const answer = await get(`${url}/api/calendar?${range}`, cookie)
      if (answer.status !== 200) throw new Error(`status ${answer.status}`)
      const { appointments } = JSON.parse(answer.body) as { appointments: { id: string }[] }
      seen = new Set(appointments.map(({ id }) => id))
    })
  const lookAgain = () => {
    burst ??= setTimeout(() => {
      burst = undefined
      reading = reading.then(() => (open ? read() : undefined))
    }, burstMs)
  }
  let leave = () => {}
  const follow = () => {
    leave = listen(`${url}/api/live`, cookie, {
      onOpen: () => {
        // What happened while the stream was down was not told.
        if (streamed) lookAgain()
        ;[listening, streamed] = [true, true]
      },
      onChange: lookAgain,
      onEnd: () => {
        if (!open) return
        tally.fail('stream', 'ended')
        listening = false
        void pause(retryMs).then(() => open && follow())
      },
    })
  }
  const visit = () =>
    tally.measure('page', async () => {
      const { status } = await get(`${url}/calendar`, cookie)
      if (status !== 200) throw new Error(`status ${status}`)
    })
  const refetch = setInterval(lookAgain, refetchMs)
  follow()
  lookAgain()
  return {
    business,
    member,
    isListening: () => listening,
    /** Whether the last reading showed all of these. */
    sees: (ids: Iterable<string>) => [...ids].every((id) => seen.has(id)),
    visit,
    leave: async () => {
      open = false
      clearInterval(refetch)
      clearTimeout(burst)
      leave()
      await reading
    },
  }
}
