import { setTimeout as pause } from 'node:timers/promises'
import { throttleRefresh } from '#components/shell/throttle-refresh.ts'
import type { Business, Member } from './businesses.ts'
import { get, listen } from './http.ts'
import type { Tally } from './tally.ts'

/**
 * Somebody with the calendar page open, as the page behaves: a stream, a reading of the rows after each burst of news, and of
 * the server's parts, now and then where only rows changed.
 */
export type Person = ReturnType<typeof openCalendar>

/** Of `use-appointments.ts`, `live-refresh.tsx`, `query-provider.tsx` and the route of the stream. */
const paces = {
  rows: { pauseMs: 300, jitterMs: 200 },
  parts: { pauseMs: 400, jitterMs: 200 },
  partsLater: { pauseMs: 30_000, jitterMs: 10_000 },
}
const [refetchMs, retryMs] = [60_000, 2000]

type Open = { url: string; business: Business; member: Member; range: string; tally: Tally }

export const openCalendar = ({ url, business, member, range, tally }: Open) => {
  const { cookie } = member
  let [open, listening, streamed] = [true, false, false]
  let seen = new Set<string>()
  let hasRead = false

  const read = () =>
    tally.measure('reading', async () => {
      const answer = await get(`${url}/api/calendar?${range}`, cookie)
      if (answer.status !== 200) throw new Error(`status ${answer.status}`)
      const { appointments } = JSON.parse(answer.body) as { appointments: { id: string }[] }
      seen = new Set(appointments.map(({ id }) => id))
      hasRead = true
    })
  const readParts = () =>
    tally.measure('refresh', async () => {
      const session = await get(`${url}/api/auth/session`, cookie)
      const parts = await get(`${url}/calendar?_rsc=`, cookie, { rsc: '1' })
      for (const { status } of [session, parts]) if (status !== 200) throw new Error(`status ${status}`)
    })
  const rows = throttleRefresh(read, paces.rows)
  const parts = throttleRefresh(readParts, paces.parts)
  const partsLater = throttleRefresh(readParts, paces.partsLater)
  const onNews = (text: string) => {
    rows.request()
    if (/^data: rows$/m.test(text)) partsLater.request()
    else parts.request()
  }
  let leave = () => {}
  const follow = () => {
    leave = listen(`${url}/api/live`, cookie, {
      onOpen: () => {
        // What happened while the stream was down was not told.
        if (streamed) onNews('')
        ;[listening, streamed] = [true, true]
      },
      onChange: onNews,
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
  const refetch = setInterval(rows.request, refetchMs)
  follow()
  rows.request()
  return {
    business,
    member,
    isListening: () => listening,
    hasRead: () => hasRead,
    /** Whether the last reading showed all of these. */
    sees: (ids: Iterable<string>) => [...ids].every((id) => seen.has(id)),
    visit,
    leave: () => {
      open = false
      clearInterval(refetch)
      for (const each of [rows, parts, partsLater]) each.stop()
      leave()
    },
  }
}
