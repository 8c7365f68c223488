'use client'
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { listenToPending, nothingPending, pendingState } from '#components/appointment/outbox.ts'
import { onLiveChange } from '#components/shell/live-changes.ts'
import { throttleRefresh } from '#components/shell/throttle-refresh.ts'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import { calendarKeys, type DateRange, fetchCalendar } from '#lib/appointments/cache.ts'
import { replay } from '#lib/appointments/replay.ts'
import type { Appointment, CalendarRange, Occurrence } from '#lib/appointments/schema.ts'
import type { Known } from './query-provider.tsx'

const none: Occurrence[] = []

const subscribe = (changed: () => void) => listenToPending({ changed, answered: () => {} })

/** What the screen shows of a range: the server's rows with the pending changes replayed over them. */
export const useAppointments = (range: DateRange) => {
  const client = useQueryClient()
  const pending = useSyncExternalStore(subscribe, pendingState, () => nothingPending)
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery({
    queryKey: calendarKeys.range(range),
    queryFn: ({ signal }) => fetchCalendar(range, signal),
    placeholderData: keepPreviousData,
  })
  useEffect(() => follow(client), [client])
  const appointments = useMemo(
    () => replay(data?.appointments ?? [], pending.changes),
    [data, pending.changes],
  )
  const occurrences = data?.occurrences ?? none
  // What is not named here draws nothing anew when it changes, as whether something is being read.
  return { data, error, isPending, isPlaceholderData, refetch, appointments, occurrences, pending }
}

/**
 * What came with the page may have changed before the event stream stood. It is read again once the calendar stands, not
 * before: after an answer in the midst of the drawing React draws everything a second time, at once and in one piece.
 */
export const useReadAgain = (known: Known | null, stands: boolean) => {
  const client = useQueryClient()
  // The first only: whenever the page's server parts are read again, another comes.
  const [first] = useState(known)
  useEffect(() => {
    if (first && stands) void client.invalidateQueries({ queryKey: calendarKeys.range(first.range) })
  }, [client, first, stands])
}

/** A booking rings twice, the second time when Google has it, a quarter of a second later: mostly one reading. */
const pace = { pauseMs: 300, jitterMs: 200 }

/** Answers to own changes, which are shown at once, and news of others' both end in one look. */
const follow = (client: QueryClient) => {
  const { request: lookAgain, stop } = throttleRefresh(() => client.invalidateQueries(), pace)
  const stopLive = onLiveChange(lookAgain)
  const stopAnswers = listenToPending({
    changed: () => {},
    answered: (answer) => {
      takeAnswer(client, answer)
      lookAgain()
    },
  })
  return () => {
    stopLive()
    stopAnswers()
    stop()
  }
}

/** The server's answer takes the place of the pending change in the same moment, so that nothing flickers. */
const takeAnswer = (client: QueryClient, answer: ChangeAnswer) => {
  const row = answer.ok ? answer.appointment : answer.current
  // A reading that began before the change would undo it on the screen.
  void client.cancelQueries({ queryKey: calendarKeys.all })
  if (row) client.setQueriesData<CalendarRange>({ queryKey: calendarKeys.all }, (old) => put(old, row))
}

const put = (old: CalendarRange | undefined, row: Appointment): CalendarRange | undefined => {
  if (!old) return old
  const others = old.appointments.filter(({ id }) => id !== row.id)
  return { ...old, appointments: row.status === 'booked' ? [...others, row] : others }
}
