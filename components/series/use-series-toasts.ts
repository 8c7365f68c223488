'use client'
import { useQueryClient } from '@tanstack/react-query'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import type { UndoAnswer } from '#lib/series/schema.ts'
import { undoSeriesOperation } from '#lib/visits/actions.ts'
import { countOfVisits } from './date-words.ts'
import type { BookedSeries } from './use-series-booking.ts'
import type { ChangedSeries } from './use-series-change.ts'

/** Reads the calendar again after a change of a series, and shows a toast with **Undo**. */
export const useSeriesToasts = () => {
  const client = useQueryClient()
  const refetch = async () => {
    await client.invalidateQueries()
    // React Query passes the rows on in a timer.
    await new Promise((resolve) => setTimeout(resolve))
  }
  /** Without a toast: the sentence, and whether it was done. */
  const undo = async (operationId: string): Promise<{ ok: boolean; message: string }> => {
    const answer = await undoSeriesOperation({ operationId }).catch(() => null)
    await refetch()
    return answer?.ok
      ? { ok: true, message: undoneInWords(answer) }
      : { ok: false, message: answer?.message ?? unreachable }
  }
  const undoAndShow = async (operationId: string) => {
    const { ok, message } = await undo(operationId)
    toasts.show({ message, tone: ok ? 'plain' : 'bad' })
  }
  const showDone = (message: string, { operationId, seriesId }: Done) => {
    const action = operationId === null ? undefined : { label: 'Undo', onPress: () => void undoAndShow(operationId) }
    toasts.show({ message, about: seriesId, ...(action && { action }) })
  }
  const showRead = async (message: string, done: Done) => {
    await refetch()
    showDone(message, done)
  }
  return {
    ...{ refetch, undo, showDone },
    showBooked: (booked: BookedSeries, title: string) => showRead(bookedInWords(booked, title), booked),
    /** A single appointment became its first visit. */
    showRepeats: (booked: BookedSeries, title: string) => {
      if (booked.first) toasts.withdraw(booked.first.id)
      return showRead(`“${title}” repeats: ${ruleInWords(booked)}`, booked)
    },
    /** `of`: the series as it was, whose earlier **Undo** is outdated. */
    showChanged: (changed: ChangedSeries, of: { seriesId: string; title: string }) => {
      toasts.withdraw(of.seriesId)
      return showRead(changedInWords(changed, of.title), changed)
    },
  }
}

export type Done = { operationId: string | null; seriesId: string }

/** "26 visits of “Cleaning” are booked: every 2 weeks on Tuesday." */
const bookedInWords = ({ booked, words }: BookedSeries, title: string) =>
  `${countOfVisits(booked)} of “${title}” ${booked === 1 ? 'is' : 'are'} booked: ${ruleInWords({ words })}`

/** "every 2 weeks on Tuesday." */
const ruleInWords = ({ words }: Pick<BookedSeries, 'words'>) => `${words.charAt(0).toLowerCase()}${words.slice(1)}.`

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
