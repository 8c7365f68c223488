'use client'
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { emptyOutbox, outboxState, subscribeToOutbox } from '#components/appointment/outbox/outbox-state.ts'
import { onLiveChange } from '#components/shell/live-changes.ts'
import { throttleRefresh } from '#components/shell/throttle-refresh.ts'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import { calendarKeys, type DateRange, fetchCalendar } from '#lib/appointments/cache.ts'
import type { Appointment, BusyTime, CalendarRange, Hold, Occurrence } from '#lib/appointments/schema.ts'
import type { InitialRange } from './query-provider.tsx'
import { useOpenHolds } from './use-open-holds.ts'

const noOccurrences: Occurrence[] = []
const noBusy: BusyTime[] = []
const noHolds: Hold[] = []

const subscribe = (changed: () => void) => subscribeToOutbox({ changed, answered: () => {} })

export type CalendarQuery = ReturnType<typeof useAppointments>

/** The events of a range: the server's rows with the outbox replayed over them. */
export const useAppointments = (range: DateRange) => {
  const client = useQueryClient()
  const outbox = useSyncExternalStore(subscribe, outboxState, () => emptyOutbox)
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({
    queryKey: calendarKeys.range(range),
    queryFn: ({ signal }) => fetchCalendar(range, signal),
    placeholderData: keepPreviousData,
  })
  useEffect(() => refetchOnChanges(client), [client])
  const appointments = useMemo(() => outbox.replay(data?.appointments ?? []), [data, outbox])
  const occurrences = data?.occurrences ?? noOccurrences
  const busy = data?.busy ?? noBusy
  const holds = useOpenHolds(data?.holds ?? noHolds)
  // React Query re-renders only for properties that are read; `isFetching` is left out on purpose.
  return { data, error, isPending, isPlaceholderData, refetch, appointments, occurrences, busy, holds, outbox }
}

/**
 * Refetches the rows that came with the page, which may have changed before the event stream
 * opened. Waits until the grid is ready: data that arrives during React's initial render restarts
 * it as one blocking task.
 */
export const useRefetchInitial = (initial: InitialRange | null, isGridReady: boolean) => {
  const client = useQueryClient()
  // Only the first: each refresh of the page's server components passes another.
  const [first] = useState(initial)
  useEffect(() => {
    if (first && isGridReady) void client.invalidateQueries({ queryKey: calendarKeys.range(first.range) })
  }, [client, first, isGridReady])
}

/** A booking publishes two changes, saved and sent to Google, 250 ms apart: usually one refetch. */
const pace = { pauseMs: 300, jitterMs: 200 }

/** Refetches after answers to own changes, which are shown at once, and after live changes. */
const refetchOnChanges = (client: QueryClient) => {
  const { request: refetch, stop } = throttleRefresh(() => client.invalidateQueries(), pace)
  const stopLive = onLiveChange(refetch)
  const stopAnswers = subscribeToOutbox({
    changed: () => {},
    answered: (answer) => {
      cacheAnswer(client, answer)
      refetch()
    },
  })
  return () => {
    stopLive()
    stopAnswers()
    stop()
  }
}

/** Caches the answer in the tick in which the change leaves the outbox, to avoid flicker. */
const cacheAnswer = (client: QueryClient, answer: ChangeAnswer) => {
  const row = answer.ok ? answer.appointment : answer.current
  // A fetch that began before the change would revert it on screen.
  void client.cancelQueries({ queryKey: calendarKeys.all })
  if (row) client.setQueriesData<CalendarRange>({ queryKey: calendarKeys.all }, (old) => withRow(old, row))
}

const withRow = (old: CalendarRange | undefined, row: Appointment): CalendarRange | undefined => {
  if (!old) return old
  const before = old.appointments.find(({ id }) => id === row.id)
  const others = old.appointments.filter((each) => each !== before)
  // The answer to a change does not name the series.
  const after = before?.series && !row.series ? { ...row, series: before.series } : row
  return { ...old, appointments: row.status === 'booked' ? [...others, after] : others }
}
