import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { Temporal } from 'temporal-polyfill'
import { Board } from '#components/calendar/board.tsx'
import { calendarSetup, namedAppointment } from '#lib/appointments/loaders.ts'
import { syncStatusOfViewer } from '#lib/google/loaders.ts'
import { first, type SearchParams } from '#lib/search-params.ts'

export const metadata: Metadata = { title: 'Calendar' }

export default async function CalendarPage({ searchParams }: { searchParams: SearchParams }) {
  const { appointment } = await searchParams
  const asked = first(appointment)
  const setup = await calendarSetup()
  const status = await syncStatusOfViewer()
  const imported = status.state === 'importing' ? status.imported : null
  const named = asked ? await namedAppointment(asked) : null
  const userAgent = (await headers()).get('user-agent') ?? ''
  const now = Temporal.Now.instant()
  const shownAt = named ? Temporal.Instant.from(named.start) : now
  const dateOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(setup.timeZone).toPlainDate().toString()
  return (
    <Board
      setup={setup}
      today={dateOf(shownAt)}
      phone={/Mobi/.test(userAgent)}
      named={named}
      imported={imported}
    />
  )
}
