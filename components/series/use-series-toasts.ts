'use client'
import { useQueryClient } from '@tanstack/react-query'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import type { UndoAnswer } from '#lib/series/schema.ts'
import { undoSeriesOperation } from '#lib/visits/actions.ts'
import { countOfVisits } from './date-words.ts'
import type { BookedSeries } from './use-series-booking.ts'
import type { ChangedSeries } from './use-series-change.ts'

/** Says what happened to a series, with **Undo**, once the calendar shows it. */
export const useSeriesToasts = () => {
  const client = useQueryClient()
  const refetch = async () => {
    await client.invalidateQueries()
    // React Query passes the rows on in a timer.
    await new Promise((resolve) => setTimeout(resolve))
  }
  const undo = async (operationId: string) => {
    const answer = await undoSeriesOperation({ operationId }).catch(() => null)
    await refetch()
    toasts.show(
      answer?.ok ? { message: undoneInWords(answer) } : { message: answer?.message ?? unreachable, tone: 'bad' },
    )
  }
  const showDone = async (message: string, { operationId, seriesId }: Done) => {
    await refetch()
    const action = operationId === null ? undefined : { label: 'Undo', onPress: () => void undo(operationId) }
    toasts.show({ message, about: seriesId, ...(action && { action }) })
  }
  return {
    showBooked: (booked: BookedSeries, title: string) => showDone(bookedInWords(booked, title), booked),
    /** `of`: the series as it was, whose earlier **Undo** is outdated. */
    showChanged: (changed: ChangedSeries, of: { seriesId: string; title: string }) => {
      toasts.withdraw(of.seriesId)
      return showDone(changedInWords(changed, of.title), changed)
    },
  }
}

type Done = { operationId: string | null; seriesId: string }

/** "26 visits of “Cleaning” are booked: every 2 weeks on Tuesday." */
const bookedInWords = ({ booked, words }: BookedSeries, title: string) =>
  `${countOfVisits(booked)} of “${title}” ${booked === 1 ? 'is' : 'are'} booked: ${words.charAt(0).toLowerCase()}${words.slice(1)}.`

const changedInWords = ({ changed, booked, cancelled, kept }: ChangedSeries, title: string) =>
  [
    sentence(changed, title, 'changed'),
    sentence(booked, title, 'booked'),
    sentence(cancelled, title, 'cancelled'),
    kept > 0 && `${countOfVisits(kept)} changed one by one ${kept === 1 ? 'is' : 'are'} kept.`,
  ]
    .filter(Boolean)
    .join(' ') || `“${title}” is saved.`

const sentence = (count: number, title: string, what: string) =>
  count > 0 && `${countOfVisits(count)} of “${title}” ${count === 1 ? 'is' : 'are'} ${what}.`

type Undone = Extract<UndoAnswer, { ok: true }>

const undoneInWords = ({ kept, taken }: Undone) =>
  [
    'Undone.',
    kept > 0 && `${countOfVisits(kept)} changed since ${kept === 1 ? 'stays as it is' : 'stay as they are'}.`,
    taken > 0 && `The former time of ${taken === 1 ? 'one visit' : `${taken} visits`} is taken.`,
  ]
    .filter(Boolean)
    .join(' ')
