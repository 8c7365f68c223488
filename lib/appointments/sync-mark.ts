import { Temporal } from 'temporal-polyfill'
import type { AppointmentWithMapping, MappingFacts } from '#db/queries/appointments.ts'
import type { CalendarFacts } from '#db/queries/occurrences.ts'
import { massDeletionKind, waitsForPerson } from '#lib/google/failure-kind.ts'
import { wordsFor } from '#lib/google/failure-words.ts'
import type { SyncMark } from './schema.ts'

type MarkedRow = Pick<
  AppointmentWithMapping,
  'endsAt' | 'status' | 'revision' | 'removedInGoogleAt' | 'updatedAt' | 'mapping'
>

/** A change shows "saving" for this long before it shows "waiting". */
const savingFor = { seconds: 20 }

/** The sync mark of an appointment, from stored facts alone. `now` is a UTC instant. */
export const syncMark = (row: MarkedRow, calendar: CalendarFacts['calendar'], now: string): SyncMark => {
  const { mapping } = row
  if (row.removedInGoogleAt) return { state: 'needs-attention', reason: 'removed', why: 'Removed in Google Calendar.' }
  if (!calendar || (row.status === 'cancelled' && !mapping)) return { state: 'none' }
  if (mapping && mapping.revisionPushed >= row.revision) return pushedMark(mapping)
  if (mapping?.lastErrorKind === 'rejected')
    return { state: 'needs-attention', reason: 'rejected', why: rejectionReason(mapping) }
  // Past appointments are never inserted; those already in Google are kept up to date.
  if (!mapping && row.endsAt <= now) return { state: 'none' }
  const kind = calendar.failing?.kind
  if (kind && stopsPushes(kind)) return { state: 'needs-attention', reason: 'calendar', why: `${wordsFor(kind)}.` }
  return unpushedMark(row, calendar, now)
}

/** While the mass-deletion guard waits for the owner, appointments are still pushed. */
const stopsPushes = (kind: string) => waitsForPerson(kind) && kind !== massDeletionKind

const pushedMark = (mapping: MappingFacts): SyncMark =>
  mapping.state === 'live' ? { state: 'in-google', htmlLink: mapping.htmlLink } : { state: 'none' }

const rejectionReason = (mapping: MappingFacts) =>
  mapping.lastErrorDetail ? `Google refused it: ${mapping.lastErrorDetail}` : 'Google refused it.'

const unpushedMark = (
  { mapping, updatedAt }: MarkedRow,
  calendar: NonNullable<CalendarFacts['calendar']>,
  now: string,
): SyncMark => {
  const kind = mapping?.lastErrorKind ?? calendar.failing?.kind
  const since = mapping?.waitingSince ?? updatedAt
  const young = Temporal.Instant.compare(Temporal.Instant.from(updatedAt).add(savingFor), now) > 0
  if (young && !kind) return { state: 'saving' }
  return {
    state: 'waiting',
    since,
    why: (kind && !waitsForPerson(kind) && wordsFor(kind)) || 'Google has not answered yet',
  }
}
