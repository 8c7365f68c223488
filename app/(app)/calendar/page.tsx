import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { Temporal } from 'temporal-polyfill'
import { Board } from '#components/calendar/board.tsx'
import { Sketch } from '#components/calendar/first-paint/static-week.tsx'
import { forStaff } from '#components/calendar/grid/event-inputs.ts'
import { readUrl } from '#components/calendar/navigation/url-state.ts'
import { type View, visibleRange } from '#components/calendar/navigation/views.ts'
import { calendarRange, calendarSetup, deepLinkedAppointment } from '#lib/appointments/loaders.ts'
import { syncStatusOfViewer } from '#lib/connection/loaders.ts'
import { queryOf, type SearchParams } from '#lib/search-params.ts'

export const metadata: Metadata = { title: 'Calendar' }

export default async function CalendarPage({ searchParams }: { searchParams: SearchParams }) {
  const url = readUrl(queryOf(await searchParams))
  const [setup, status, named] = await Promise.all([
    calendarSetup(),
    syncStatusOfViewer(),
    url.appointment ? deepLinkedAppointment(url.appointment) : null,
  ])
  const phone = /Mobi/.test((await headers()).get('user-agent') ?? '')
  const now = Temporal.Now.instant()
  const dateOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(setup.timeZone).toPlainDate().toString()
  const today = dateOf(named ? Temporal.Instant.from(named.start) : now)
  const view = url.view ?? (phone ? 'day' : 'week')
  const date = url.date ?? today
  const known = await rowsOf(view, date)
  return (
    <Board
      {...{ setup, today, phone, named, known }}
      imported={status.state === 'importing' ? status.imported : null}
      sketch={
        known &&
        isSketched(view) &&
        known.rows.appointments.length + known.rows.occurrences.length <= mostSketched && (
          <Sketch
            {...{ view, date, phone, setup }}
            today={dateOf(now)}
            rows={forStaff(known.rows, url.staff)}
          />
        )
      }
    />
  )
}

/** A drawing of more makes the page heavier, and the calendar later, than it is worth. */
const mostSketched = 80

const isSketched = (view: View) => view === 'day' || view === 'week'

/** What the page can show at once. A month or a list may be long, and is fetched beside the page's code. */
const rowsOf = async (view: View, date: string) => {
  if (!isSketched(view)) return null
  const range = visibleRange(view, date)
  // The page asks again, and tells when it gets no answer.
  const found = await calendarRange({ ...range, cancelled: false }).catch(() => null)
  if (!found?.ok) return null
  const { appointments, occurrences } = found
  return { range, rows: { appointments, occurrences } }
}
