'use client'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { unreachable } from '#components/ui/unreachable.ts'
import { useDebounced } from '#components/ui/use-debounced.ts'
import { type AppointmentFields, emptyText } from '#lib/appointments/schema.ts'
import type { Repeat } from '#lib/repeat/repeat.ts'
import type { Choice, Choices, PreviewAnswer, PreviewSeriesInput, SeriesPreview } from '#lib/series/schema.ts'
import { previewSeries } from '#lib/visits/actions.ts'
import { choicesFor } from './choices.ts'
import { noRepeat, type RepeatDraft, readRepeat } from './repeat-draft.ts'

export type RepeatState = ReturnType<typeof useRepeat>

type RepeatOptions = {
  isNew: boolean
  /** A single appointment that becomes the first visit. */
  appointmentId: string | null
}

/** The **Repeat** field, and of a new series its dates with the choices for those not free. */
export const useRepeat = (fields: Planned, { isNew, appointmentId }: RepeatOptions) => {
  const [repeat, setRepeat] = useState(noRepeat)
  const [choices, setChoices] = useState<Choices>({})
  const [areErrorsShown, setAreErrorsShown] = useState(false)
  const client = useQueryClient()
  const read = readRepeat(repeat)
  const asked = isNew && read.state === 'repeats' ? questionOf(fields, { repeat: read.repeat, appointmentId }) : null
  const text = asked ? JSON.stringify(asked) : ''
  const settled = useDebounced(text, 250)
  const { data, isFetching } = useQuery({
    queryKey: keyOf(settled),
    queryFn: () => preview(settled),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    // Saving checks all dates again; a refetch after each change of the calendar would cost more.
    staleTime: 'static',
    gcTime: 0,
  })
  const found = text === '' || !data?.ok ? null : data
  return {
    draft: repeat,
    errors: read.state === 'invalid' && areErrorsShown ? read.errors : noErrors,
    repeat: read.state === 'repeats' ? read.repeat : null,
    isOn: read.state !== 'none',
    preview: found,
    isOutdated: text !== settled || isFetching,
    problem: text !== '' && data && !data.ok ? data.message : null,
    choices,
    change: (next: RepeatDraft) => {
      setRepeat(next)
      setAreErrorsShown(false)
    },
    choose: (originalStarts: readonly string[], choose: (originalStart: string) => Choice | null) =>
      setChoices((before) => choicesFor(before, originalStarts, choose)),
    showErrors: () => setAreErrorsShown(true),
    /** The dates as the server found them when it refused to book them. */
    showPreview: (dates: SeriesPreview) => client.setQueryData<PreviewAnswer>(keyOf(settled), { ...dates, ok: true }),
  }
}

const noErrors: Record<string, string> = {}

const keyOf = (question: string) => ['series-preview', question] as const

/** What the dates depend on. A time that is missing is empty. */
type Planned = Pick<AppointmentFields, 'start' | 'end' | 'assigneeIds' | 'serviceId'>

/** Null while a time is missing. */
const questionOf = (
  planned: Planned,
  { repeat, appointmentId }: { repeat: Repeat; appointmentId: string | null },
): PreviewSeriesInput | null => {
  const { start, end, assigneeIds, serviceId = null } = planned
  if (!start || start >= end) return null
  const asked = { ...emptyText, title: 'Visit', start, end, assigneeIds, serviceId }
  return { repeat, fields: asked, ...(appointmentId && { appointmentId }) }
}

const preview = async (question: string): Promise<PreviewAnswer> =>
  previewSeries(JSON.parse(question) as PreviewSeriesInput).catch(() => ({
    ...{ ok: false, code: 'not-found', message: unreachable },
  }))
