import { Temporal } from 'temporal-polyfill'
import type { TimeOffFields } from '#lib/team/schedule/schema.ts'

/** The contents of the form; `lastDay` is included. */
export type TimeOffDraft = {
  wholeDays: boolean
  firstDay: string
  startTime: string
  lastDay: string
  endTime: string
  repeats: TimeOffFields['repeats']
  until: string
  reason: string
}

export const emptyTimeOff: TimeOffDraft = {
  ...{ wholeDays: true, firstDay: '', startTime: '09:00', lastDay: '', endTime: '17:00' },
  ...{ repeats: 'never', until: '', reason: '' },
}

export const toTimeOffFields = (draft: TimeOffDraft): TimeOffFields => {
  const { wholeDays, firstDay, lastDay, startTime, endTime, repeats, until, reason } = draft
  const last = lastDay || firstDay
  return {
    startsAt: wholeDays ? `${firstDay}T00:00` : `${firstDay}T${startTime}`,
    endsAt: wholeDays ? `${dayAfter(last)}T00:00` : `${last}T${endTime}`,
    repeats,
    lastDate: repeats === 'never' || until === '' ? null : until,
    reason,
  }
}

const dayAfter = (date: string) => (date === '' ? '' : Temporal.PlainDate.from(date).add({ days: 1 }).toString())
