import { setTimeout as pause } from 'node:timers/promises'
import { throttleRefresh } from '#components/shell/throttle-refresh.ts'
import type { Business, Member } from './businesses.ts'
import { get, listen } from './http.ts'
import type { Recorder } from './recorder.ts'

/**
 * A simulated user with the calendar page open. Like the page it keeps an event stream, reads the
 * rows after each burst of changes, and refreshes the server components, less often if only rows
 * changed.
 */
export type Person = ReturnType<typeof openCalendar>

/**
 * Copied from `use-appointments.ts`, `live-refresh.tsx`, `query-provider.tsx` and the stream's
 * route.
 */
const paces = {
  rows: { pauseMs: 300, jitterMs: 200 },
  parts: { pauseMs: 400, jitterMs: 200 },
  partsLater: { pauseMs: 30_000, jitterMs: 10_000 },
}
const [refetchMs, retryMs] = [60_000, 2000]

type Open = { url: string; business: Business; member: Member; range: string; recorder: Recorder }

export const openCalendar = ({ url, business, member, range, recorder }: Open) => {
  const { cookie } = member
  let [open, listening, reconnecting] = [true, false, false]
  let shown = new Set<string>()
  let hasRead = false

  const read = () =>
    recorder.measure('range', async () => {
      const response = await get(`${url}/api/calendar?${range}`, cookie)
      if (response.status !== 200) throw new Error(`status ${response.status}`)
      const { appointments } = JSON.parse(response.body) as { appointments: { id: string }[] }
      shown = new Set(appointments.map(({ id }) => id))
      hasRead = true
    })
  const readParts = () =>
    recorder.measure('refresh', async () => {
      const session = await get(`${url}/api/auth/session`, cookie)
      const parts = await get(`${url}/calendar?_rsc=`, cookie, { rsc: '1' })
      for (const { status } of [session, parts]) if (status !== 200) throw new Error(`status ${status}`)
    })
  const rows = throttleRefresh(read, paces.rows)
  const parts = throttleRefresh(readParts, paces.parts)
  const partsLater = throttleRefresh(readParts, paces.partsLater)
  const onChange = (text: string) => {
    rows.request()
    if (/^data: rows$/m.test(text)) partsLater.request()
    else parts.request()
  }
  let leave = () => {}
  const connect = () => {
    leave = listen(`${url}/api/live`, cookie, {
      onOpen: () => {
        // Changes during the interruption were not sent.
        if (reconnecting) onChange('')
        ;[listening, reconnecting] = [true, true]
      },
      onChange,
      onEnd: () => {
        if (!open) return
        recorder.fail('stream', 'ended')
        listening = false
        void pause(retryMs).then(() => open && connect())
      },
    })
  }
  const visit = () =>
    recorder.measure('page', async () => {
      const { status } = await get(`${url}/calendar`, cookie)
      if (status !== 200) throw new Error(`status ${status}`)
    })
  const refetch = setInterval(rows.request, refetchMs)
  connect()
  rows.request()
  return {
    business,
    member,
    isListening: () => listening,
    hasRead: () => hasRead,
    /** Whether the last response contained all of these. */
    sees: (ids: Iterable<string>) => [...ids].every((id) => shown.has(id)),
    visit,
    leave: () => {
      open = false
      clearInterval(refetch)
      for (const each of [rows, parts, partsLater]) each.stop()
      leave()
    },
  }
}
