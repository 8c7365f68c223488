import { asBody, mergePatch } from '../calendar/draft.ts'
import { createEvent, sameTime, writeEvent } from '../calendar/edit.ts'
import { countBefore, instanceStamp } from '../calendar/recurrence/expansion.ts'
import { stampOf } from '../calendar/recurrence/zone.ts'
import { exceptionsOf, putEvent } from '../calendar/store.ts'
import type { Target } from '../calendar/target.ts'
import type { CalendarStore, EventDraft, StoredEvent, StoredTime } from '../model.ts'
import type { World } from '../world.ts'
import { readPersonDraft } from './draft.ts'

/**
 * "This and following": ends the series before the instance and starts a new one,
 * `<base>_R<start>`, with it. Later exceptions are copied to the new series, or dropped if the time
 * changed.
 */
export function splitSeries(
  world: World,
  calendar: CalendarStore,
  { target, changes }: { target: Target; changes: EventDraft },
): StoredEvent {
  const { master, event: instance } = target
  const from = instance.originalStart
  if (!master || !from) throw new Error('Only an instance of a series can be changed together with the following ones.')
  const later = exceptionsOf(calendar, master.id).filter((event) => isFrom(event.originalStart, from))
  const { start, end, ...rest } = changes
  const recurrence = changes.recurrence ?? remainingRecurrence(calendar, { master, from })
  const body = mergePatch(
    { ...asBody(master), start: asBody(instance).start, end: asBody(instance).end },
    { ...rest, recurrence },
  )
  const draft = readPersonDraft({ ...body, ...(start && { start }), ...(end && { end }) })
  truncateSeries(world, calendar, target)
  const id = `${master.id.replace(/_R\d{8}(T\d{6})?$/, '')}_R${instanceStamp(draft.start).replace('Z', '')}`
  const series = createEvent(world, calendar, {
    draft,
    id,
    actor: { email: master.creator.email, clientId: null },
    organizer: master.organizer,
    creator: master.creator,
  })
  if (sameTime(series.start, from) && !changes.recurrence) copyExceptions(world, calendar, { later, series })
  return series
}

function copyExceptions(
  world: World,
  calendar: CalendarStore,
  { later, series }: { later: StoredEvent[]; series: StoredEvent },
): void {
  for (const exception of later) {
    if (!exception.originalStart) continue
    putEvent(world, calendar, {
      ...exception,
      id: `${series.id}_${instanceStamp(exception.originalStart)}`,
      masterId: series.id,
      iCalUID: series.iCalUID,
      createdByClient: null,
    })
  }
}

/** Ends a series before one of its instances; later exceptions are cancelled. */
export function truncateSeries(world: World, calendar: CalendarStore, { master, event }: Target): StoredEvent {
  const from = event.originalStart
  if (!master || !from) throw new Error('Only an instance of a series has following ones.')
  const recurrence = (master.content.recurrence ?? []).map((line) =>
    line.startsWith('RRULE') ? endBefore(line, from) : line,
  )
  const body = { ...asBody(master), recurrence }
  return writeEvent(world, calendar, {
    target: { event: master, virtual: false },
    draft: readPersonDraft(body),
  })
}

function endBefore(rule: string, from: StoredTime): string {
  const open = rule.replace(/;(COUNT|UNTIL)=[^;]*/g, '').replace(/:(COUNT|UNTIL)=[^;]*;/, ':')
  const until = from.date === undefined ? stampOf(from.ms - 1000) : instanceStamp({ date: dayBefore(from.date) })
  return `${open};UNTIL=${until}`
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 1).toISOString().slice(0, 10)
}

/** Recurrence of the new series; COUNT is reduced by the earlier instances. */
function remainingRecurrence(
  calendar: CalendarStore,
  { master, from }: { master: StoredEvent; from: StoredTime },
): string[] {
  return (master.content.recurrence ?? []).map((line) =>
    line.startsWith('RRULE')
      ? line.replace(
          /COUNT=(\d+)/,
          (_, count) => `COUNT=${Number(count) - countBefore(master, calendar.timeZone, from)}`,
        )
      : line,
  )
}

function isFrom(time: StoredTime | undefined, from: StoredTime): boolean {
  if (!time) return false
  return time.date === undefined ? time.ms >= (from.ms ?? 0) : time.date >= String(from.date)
}
