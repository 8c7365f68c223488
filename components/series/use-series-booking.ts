'use client'
import { useState } from 'react'
import { unreachable } from '#components/ui/unreachable.ts'
import type { AppointmentFields } from '#lib/appointments/schema.ts'
import type { CreateSeriesAnswer, SeriesRefused } from '#lib/series/schema.ts'
import { createSeries } from '#lib/visits/actions.ts'
import { countsOf, sentChoices } from './choices.ts'
import type { RepeatState } from './use-repeat.ts'

export type BookedSeries = Extract<CreateSeriesAnswer, { ok: true }>

type BookingOptions = {
  repeat: RepeatState
  /** Of the first visit that is booked. */
  firstAppointmentId: string
  /** Of a single appointment that becomes the first visit; null for a new one. */
  revision: number | null
  /** The fields, or null after their errors are shown. */
  check: () => AppointmentFields | null
  onErrors: (errors: Record<string, string>) => void
  /** **Save** waits for it. */
  onBooked: (booked: BookedSeries) => Promise<void>
}

/** Books a new series, from **Save** to the answer. */
export const useSeriesBooking = ({
  repeat,
  firstAppointmentId,
  revision,
  check,
  onErrors,
  onBooked,
}: BookingOptions) => {
  // The same for a repeated call, whose first answer may have been lost.
  const [id] = useState(() => crypto.randomUUID())
  const [saving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<SeriesRefused | null>(null)
  const [isChecked, setIsChecked] = useState(false)
  const { preview, choices } = repeat
  /** `over`: the revision of the appointment as someone else changed it, which is overwritten. */
  const save = async ({ over = revision }: { over?: number | null } = {}) => {
    if (saving) return
    const fields = check()
    if (!fields) return
    setIsChecked(true)
    if (!repeat.repeat) {
      repeat.showErrors()
      return onErrors({})
    }
    const dates = preview?.dates ?? []
    if (!repeat.isOutdated && countsOf(dates, choices).open > 0) return onErrors({})
    setSaving(true)
    setRefusal(null)
    const answer = await createSeries({
      ...{ id, repeat: repeat.repeat, fields, firstAppointmentId },
      choices: sentChoices(dates, choices),
      ...(over !== null && { existing: { revision: over } }),
    }).catch((): SeriesRefused => ({ ok: false, code: 'not-found', message: unreachable }))
    if (answer.ok) return await onBooked(answer)
    setSaving(false)
    setRefusal(answer)
    if (answer.preview) repeat.showPreview(answer.preview)
    onErrors(answer.fields ?? {})
  }
  return { saving, refusal, isChecked, save, forget: () => setRefusal(null) }
}

/** "Save 26 visits" */
export const saveLabel = ({ preview, choices }: Pick<RepeatState, 'preview' | 'choices'>): string => {
  if (!preview) return 'Save'
  const { booked, open } = countsOf(preview.dates, choices)
  if (open > 0 || booked === 0) return 'Save'
  return booked === 1 ? 'Save one visit' : `Save ${booked} visits`
}
