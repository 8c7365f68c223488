import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { Temporal } from 'temporal-polyfill'
import { Board } from '#components/calendar/board.tsx'
import { fitsInPage } from '#components/calendar/first-paint/fits-in-page.ts'
import { readUrl } from '#components/calendar/navigation/url-state.ts'
import { defaultView, type View, visibleRange } from '#components/calendar/navigation/views.ts'
import { calendarRange, calendarSetup, deepLinkedAppointment } from '#lib/appointments/loaders.ts'
import { todoOf } from '#lib/appointments/todo/loaders.ts'
import { requireViewer } from '#lib/auth/viewer.ts'
import { syncStatusOfViewer } from '#lib/connection/loaders.ts'
import { queryOf, type SearchParams } from '#lib/search-params.ts'

export const metadata: Metadata = { title: 'Calendar' }

export default async function CalendarPage({ searchParams }: { searchParams: SearchParams }) {
  const url = readUrl(queryOf(await searchParams))
  const viewer = await requireViewer()
  const { timeZone } = viewer
  const deepLinked = url.appointment ? await deepLinkedAppointment(url.appointment) : null
  const isPhone = /Mobi/.test((await headers()).get('user-agent') ?? '')
  const at = deepLinked ? Temporal.Instant.from(deepLinked.start) : Temporal.Now.instant()
  const today = at.toZonedDateTimeISO(timeZone).toPlainDate().toString()
  const [setup, todo, status, initial] = await Promise.all([
    calendarSetup(),
    todoOf(viewer),
    syncStatusOfViewer(),
    readInitialRange(url.view ?? defaultView(isPhone), url.date ?? today),
  ])
  return (
    <Board
      setup={setup}
      todo={todo}
      today={today}
      isPhone={isPhone}
      deepLinked={deepLinked}
      initial={initial}
      imported={status.state === 'importing' ? status.imported : null}
    />
  )
}

/**
 * The rows of a day or a week; months, lists and crowded weeks may be long, and the browser fetches
 * them.
 */
const readInitialRange = async (view: View, date: string) => {
  if (view === 'month' || view === 'list') return null
  const range = visibleRange(view, date)
  // On failure the browser fetches the range itself and shows the error.
  const found = await calendarRange({ ...range, cancelled: false }).catch(() => null)
  if (!found?.ok || !fitsInPage(found)) return null
  const { appointments, occurrences, busy, holds } = found
  return { range, rows: { appointments, occurrences, busy, holds } }
}
