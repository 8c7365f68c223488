import type { Tx } from '#db/client.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import type { Booked } from '#lib/availability/world.ts'
import { fromRule, repeatWords } from '#lib/repeat/repeat.ts'
import { lastDateOf } from '../dates.ts'
import { type DecidedDate, decideDates } from '../decide-dates.ts'
import type { PlannedDate } from '../new-series.ts'
import { type DatesQuery, type DatesWorld, previewOf, readDatesWorld } from '../read-world.ts'
import type { Choices, SeriesPreview } from '../schema.ts'
import type { VisitOutcome } from './plan-change.ts'
import type { ChangeAsked, Prepared } from './prepare.ts'

/** Dates that take new time, by who does them: a visit that was changed alone has its own. */
type Group = { memberIds: string[]; dates: PlannedDate[] }

export type CheckedChange = {
  /** By original start after the change; null if a choice is missing. */
  decided: ReadonlyMap<string, DecidedDate> | null
  preview: () => Promise<SeriesPreview>
}

/** What is in the way of the dates that take new time. Throws like `readWorld`. */
export const checkChange = async (
  tx: Tx,
  asked: ChangeAsked,
  { prepared, choices }: { prepared: Prepared; choices: Choices },
): Promise<CheckedChange> => {
  const { plan } = prepared
  const after = plan.next ?? plan.old
  const groups = groupsOf(prepared)
  const summary = {
    words: repeatWords(fromRule(after.rule), after.startsAt.slice(0, 10)),
    endsAt: lastDateOf(after),
  }
  if (groups.length === 0) return { decided: new Map(), preview: async () => ({ ...summary, dates: [] }) }
  const memberIds = [...new Set(groups.flatMap((group) => group.memberIds))].sort()
  const query: DatesQuery = {
    ...{ businessId: asked.businessId, viewer: asked.member, now: asked.now, googleUnchecked: asked.googleUnchecked },
    ...{ memberIds, dates: groups.flatMap(({ dates }) => dates) },
  }
  const read = await readDatesWorld(tx, query)
  const preview = async () => {
    const dates = []
    for (const { group, world } of oneByOne(groups, read, prepared))
      dates.push(
        ...(await previewOf(tx, query, {
          read: { ...read, world },
          dates: group.dates,
          rules: rulesOf(prepared, group),
        })),
      )
    return { ...summary, dates: dates.sort((a, b) => (a.originalStart < b.originalStart ? -1 : 1)) }
  }
  const decided = new Map<string, DecidedDate>()
  for (const { group, world } of oneByOne(groups, read, prepared)) {
    const accepted = prepared.series.accepted
    const found = decideDates(world, group.dates, { choices, accepted, rules: rulesOf(prepared, group) })
    if (!found) return { decided: null, preview }
    for (const date of found) decided.set(date.originalStart, date)
  }
  return { decided, preview }
}

/** Each group with the times of the groups before it taken. */
function* oneByOne(groups: readonly Group[], { world }: DatesWorld, prepared: Prepared) {
  let booked: Booked[] = [...world.booked]
  for (const group of groups) {
    yield { group, world: { ...world, booked } }
    const { gapBefore, gapAfter } = rulesOf(prepared, group)
    const taken = group.dates.map(
      ({ originalStart, start, end }): Booked => ({
        ...{ id: `own:${originalStart}`, kind: 'appointment', memberIds: group.memberIds, gapBefore, gapAfter },
        ...{ from: epochMs(start), until: epochMs(end) },
      }),
    )
    booked = [...booked, ...taken]
  }
}

const groupsOf = ({ plan }: Prepared): Group[] => {
  const after = plan.next ?? plan.old
  const dates = [...plan.loose, ...plan.outcomes].flatMap((outcome) => {
    const to = outcome.to
    if (to === null || !takesTime(outcome)) return []
    const memberIds = outcome.kind === 'update' ? outcome.template.assigneeIds : after.template.assigneeIds
    return [{ memberIds: [...memberIds], date: { originalStart: to, start: outcome.start, end: outcome.end } }]
  })
  return [...Map.groupBy(dates, ({ memberIds }) => memberIds.join()).values()].map((group) => ({
    memberIds: group[0]?.memberIds ?? [],
    dates: group.map(({ date }) => date).sort((a, b) => (a.start < b.start ? -1 : 1)),
  }))
}

export const takesTime = (outcome: VisitOutcome): outcome is Extract<VisitOutcome, { start: string }> =>
  outcome.kind === 'create' || (outcome.kind === 'update' && outcome.takesTime)

/** What is moved or cancelled leaves its former time. */
const rulesOf = ({ plan, series, service, visits, edit }: Prepared, { memberIds }: Group) => {
  const leaving = new Set(
    [...plan.loose, ...plan.outcomes]
      .filter((each) => each.kind === 'cancel' || takesTime(each))
      .map(({ from }) => from),
  )
  const except = new Set(
    visits.flatMap(({ originalStart, appointmentId }) =>
      appointmentId && leaving.has(originalStart) ? [appointmentId] : [],
    ),
  )
  const isChosen = edit.kind === 'edit' && edit.fields.serviceId !== undefined
  const { gapBefore, gapAfter } = isChosen ? (service ?? { gapBefore: 0, gapAfter: 0 }) : series
  return { memberIds, gapBefore, gapAfter, except }
}
