import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { readSeries } from '#db/queries/series/series.ts'
import { fromRule, repeatWords } from '#lib/repeat/repeat.ts'
import { countChanged, countConcerned } from './change/plan-change.ts'
import { readVisitRows, stateOf, visitState } from './change/prepare.ts'
import { lastDateOf } from './dates.ts'
import type { SeriesDetails } from './schema.ts'

/** A series as seen from one of its visits; null if one of them does not exist. */
export const seriesDetailsOf = (
  db: Db,
  asked: { businessId: BusinessId; seriesId: string; appointmentId: string; now: string },
): Promise<SeriesDetails | null> =>
  db.transaction(async (tx) => {
    const { businessId, seriesId, appointmentId, now } = asked
    const [row, { visits, rows }] = await Promise.all([
      readSeries(tx, { businessId, id: seriesId }),
      readVisitRows(tx, asked, false),
    ])
    const acted = visits.find((visit) => visit.appointmentId === appointmentId)
    if (!row || !acted) return null
    const series = stateOf(row)
    const known = { series, visits: visits.map((visit) => visitState(visit, rows)), now, acted: acted.originalStart }
    const [following, all] = [
      { ...known, scope: 'following' as const },
      { ...known, scope: 'all' as const },
    ]
    const repeat = fromRule(row.rule)
    return {
      ...{ id: row.id, revision: row.revision, repeat, startsAt: row.startsAt },
      words: repeatWords(repeat, row.startsAt.slice(0, 10)),
      endsAt: lastDateOf(row),
      changed: { following: countChanged(following), all: countChanged(all) },
      upcoming: { following: countConcerned(following), all: countConcerned(all) },
      visits: known.visits
        .flatMap(({ appointment }) => (appointment?.status === 'booked' ? [appointment] : []))
        .map(({ id, start, end }) => ({ appointmentId: id, start, end }))
        .sort((a, b) => (a.start < b.start ? -1 : 1)),
    }
  })
