'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { unreachable } from '#components/ui/unreachable.ts'
import type { ChangeSeriesAnswer, Choices, Scope, SeriesEdit, SeriesRefused } from '#lib/series/schema.ts'
import { changeSeries, seriesDetails } from '#lib/visits/actions.ts'
import { choicesFor, countsOf, sentChoices } from './choices.ts'
import type { ChooseDates } from './date-choices.tsx'
import type { VisitOfSeries } from './visit.ts'

export type ChangedSeries = Extract<ChangeSeriesAnswer, { ok: true }>

/** A series as seen from one of its visits, read when it is needed. */
export const useSeriesDetails = ({ id, series }: VisitOfSeries) =>
  useQuery({
    queryKey: ['series', series.id, id],
    queryFn: async () => {
      const answer = await seriesDetails({ seriesId: series.id, appointmentId: id })
      return answer.ok ? answer.series : null
    },
  }).data ?? null

type ChangeOptions = { visit: VisitOfSeries; change: SeriesEdit; onChanged: (changed: ChangedSeries) => Promise<void> }

/** Changes the following or all upcoming visits; dates that are not free need a choice first. */
export const useSeriesChange = ({ visit, change, onChanged }: ChangeOptions) => {
  const [saving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<SeriesRefused | null>(null)
  const [choices, setChoices] = useState<Choices>({})
  const dates = refusal?.preview?.dates ?? []
  const save = async ({ scope, includeChanged }: { scope: Scope; includeChanged: boolean }) => {
    if (saving) return
    setSaving(true)
    const answer = await changeSeries({
      ...{ seriesId: visit.series.id, appointmentId: visit.id, revision: visit.series.revision },
      ...{ scope, includeChanged, change },
      choices: sentChoices(dates, choices),
    }).catch((): SeriesRefused => ({ ok: false, code: 'not-found', message: unreachable }))
    if (answer.ok) return await onChanged(answer)
    setSaving(false)
    setRefusal(answer)
  }
  const choose: ChooseDates = (originalStarts, choice) =>
    setChoices((before) => choicesFor(before, originalStarts, choice))
  return {
    ...{ saving, refusal, dates, choices, choose, save },
    open: countsOf(dates, choices).open,
    /** Another choice of visits has other dates. */
    reset: () => setRefusal(null),
  }
}
