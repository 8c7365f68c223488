import { Temporal } from 'temporal-polyfill'
import type { AppointmentWithMapping, MappingFacts } from '#db/queries/appointments.ts'
import type { CalendarFacts } from '#db/queries/occurrences.ts'
import { massDeletionKind, waitsForPerson } from '#lib/google/failure-kind.ts'
import { wordsFor } from '#lib/google/failure-words.ts'
import type { SyncMark } from './schema.ts'

type Facts = Pick<
  AppointmentWithMapping,
  'endsAt' | 'status' | 'revision' | 'removedInGoogleAt' | 'updatedAt' | 'mapping'
>

/** A change younger than this is "saving", whatever it waits for. */
const patience = { seconds: 20 }

/** How far an appointment has come with Google: a function of stored facts. `now` is a UTC instant. */
export const syncMark = (row: Facts, connection: CalendarFacts['connection'], now: string): SyncMark => {
  const { mapping } = row
  if (row.removedInGoogleAt)
    return { state: 'needs-attention', reason: 'removed', why: 'Removed in Google Calendar.' }
  if (!connection || (row.status === 'cancelled' && !mapping)) return { state: 'none' }
  if (mapping && mapping.revisionPushed >= row.revision) return settled(mapping)
  if (mapping?.lastErrorKind === 'rejected')
    return { state: 'needs-attention', reason: 'rejected', why: rejection(mapping) }
  // The past is never sent, only what was there before is kept up to date.
  if (!mapping && row.endsAt <= now) return { state: 'none' }
  const kind = connection.failing?.kind
  if (kind && stopsPushes(kind))
    return { state: 'needs-attention', reason: 'connection', why: `${wordsFor(kind)}.` }
  return unsent(row, connection, now)
}

/** While the mass-deletion guard waits for the owner, appointments still go to Google. */
const stopsPushes = (kind: string) => waitsForPerson(kind) && kind !== massDeletionKind

const settled = (mapping: MappingFacts): SyncMark =>
  mapping.state === 'live' ? { state: 'in-google', htmlLink: mapping.htmlLink } : { state: 'none' }

const rejection = (mapping: MappingFacts) =>
  mapping.lastErrorDetail ? `Google refused it: ${mapping.lastErrorDetail}` : 'Google refused it.'

const unsent = (
  { mapping, updatedAt }: Facts,
  connection: NonNullable<CalendarFacts['connection']>,
  now: string,
): SyncMark => {
  const kind = mapping?.lastErrorKind ?? connection.failing?.kind
  const since = mapping?.waitingSince ?? updatedAt
  const young = Temporal.Instant.compare(Temporal.Instant.from(updatedAt).add(patience), now) > 0
  if (young && !kind) return { state: 'saving' }
  return {
    state: 'waiting',
    since,
    why: (kind && !waitsForPerson(kind) && wordsFor(kind)) || 'Google has not answered yet',
  }
}
