import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { readAppointments } from '#db/queries/appointments.ts'
import { blockersOf } from '#lib/appointments/range.ts'
import { readWorldAndEvents } from '#lib/appointments/world.ts'
import type { Role } from '#lib/auth/schema.ts'
import { type Clash, mostCounted } from '#lib/availability/clash.ts'
import { merged } from '#lib/availability/intervals.ts'
import { epochMs, instantOf } from '#lib/availability/overlap.ts'
import { type Checked, type CheckRules, checkDates } from './check-dates.ts'
import { wantedOf } from './decide-dates.ts'
import { needsChoice } from './needs-choice.ts'
import type { PlannedDate } from './new-series.ts'
import type { PreviewDate } from './schema.ts'

export type DatesQuery = {
  businessId: BusinessId
  /** Limits what the titles of clashes reveal. */
  viewer: { id: string; role: Role }
  dates: readonly Pick<PlannedDate, 'start' | 'end'>[]
  memberIds: readonly string[]
  now: string
  googleUnchecked: boolean
}

const week = 7 * 24 * 60 * 60 * 1000

/** One world for all dates, `reach` around each of them. Throws like `readWorld`. */
export const readDatesWorld = (
  tx: Tx,
  { businessId, dates, memberIds, now, googleUnchecked }: DatesQuery,
  { reach = 0 } = {},
) => {
  const windows = merged(
    dates.map(({ start, end }) => ({ from: epochMs(start) - reach, until: epochMs(end) + reach })),
  ).map(({ from, until }) => ({ start: instantOf(from), end: instantOf(until) }))
  const span = { start: windows[0]?.start ?? now, end: windows.at(-1)?.end ?? now }
  const google = googleUnchecked ? ('unknown' as const) : ('fresh' as const)
  const unknownMembers = googleUnchecked ? [...memberIds] : []
  return readWorldAndEvents(tx, { businessId, span, windows, now, memberIds, google, unknownMembers })
}

export type DatesWorld = Awaited<ReturnType<typeof readDatesWorld>>

const mostListed = 3

type Checking = { read: DatesWorld; dates: readonly PlannedDate[]; rules: CheckRules }

/** The dates as a person sees them before saving. */
export const previewOf = async (
  tx: Tx,
  query: DatesQuery,
  { read, dates, rules }: Checking,
): Promise<PreviewDate[]> => {
  const checked = await checkedWithNearest(tx, query, { read, dates, rules })
  const clashOf = await clashReader(tx, query, { read, checked })
  return checked.map((each, n): PreviewDate => {
    const { originalStart, start, end } = dates[n] as PlannedDate
    const { state, clashIds, gapMinutes, nearest } = each
    return {
      ...{ originalStart, start, end, state },
      clashes: clashIds.slice(0, mostListed).flatMap((id) => clashOf(id) ?? []),
      clashCount: Math.min(clashIds.length, mostCounted),
      ...(gapMinutes !== undefined && { gapMinutes }),
      nearest: nearest && { start: instantOf(nearest.from), end: instantOf(nearest.until) },
    }
  })
}

/** More is read where a nearest free time is looked for. */
const checkedWithNearest = async (tx: Tx, query: DatesQuery, { read, dates, rules }: Checking): Promise<Checked[]> => {
  const wanted = dates.map(wantedOf)
  const checked = checkDates(read.world, wanted, rules)
  const open = dates.filter((_, n) => needsChoice(checked[n] as Checked))
  if (open.length === 0) return checked
  const around = await readDatesWorld(tx, { ...query, dates: open }, { reach: week })
  const known = new Set(around.world.booked.map(({ id }) => id))
  // With the times that the caller counts as taken.
  const booked = [...around.world.booked, ...read.world.booked.filter(({ id }) => !known.has(id))]
  return checkDates({ ...read.world, booked, occurrences: [...merge(read.world, around.world)] }, wanted, rules, {
    nearest: true,
  })
}

const merge = (...worlds: DatesWorld['world'][]) =>
  new Map(worlds.flatMap(({ occurrences }) => occurrences.map((each) => [`${each.id} ${each.from}`, each]))).values()

type Listed = { read: DatesWorld; checked: readonly Checked[] }

/** Titles are read of the listed clashes only. */
const clashReader = async (tx: Tx, { businessId, viewer }: DatesQuery, { read, checked }: Listed) => {
  const listed = checked.flatMap(({ clashIds }) => clashIds.slice(0, mostListed))
  if (listed.length === 0) return () => null
  const ids = [...new Set(listed.flatMap(({ kind, id }) => (kind === 'appointment' ? [id] : [])))]
  const titles = new Map(
    (await readAppointments(tx, { businessId, ids: ids.filter(isUuid) })).map((row) => [row.id, row.title]),
  )
  const { events, facts, world } = read
  const policy = { role: viewer.role, staffSee: facts.staffSee, viewerId: viewer.id }
  const google = new Map(blockersOf(events, facts, policy).map((each) => [each.id, each]))
  const booked = new Map(world.booked.map((each) => [each.id, each]))
  return ({ kind, id }: Checked['clashIds'][number]): Clash | null => {
    if (kind === 'google') return google.get(id) ?? null
    const found = booked.get(id)
    if (!found) return null
    const { from, until, memberIds } = found
    const title = found.kind === 'hold' ? 'Held by Sophiie' : (titles.get(id) ?? '')
    return {
      ...{ kind: found.kind, id, title },
      ...{ start: instantOf(from), end: instantOf(until), memberIds: [...memberIds] },
    }
  }
}

/** Visits of the series itself have other ids. */
const isUuid = (id: string) => /^[0-9a-f-]{36}$/.test(id)
