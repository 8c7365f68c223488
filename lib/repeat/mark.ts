import { fromRule, repeatWords } from './repeat.ts'

/** Of an appointment that is a visit. */
export type SeriesMark = {
  id: string
  /** Wall time that the rule gave, in the zone of the series. */
  originalStart: string
  /** Of the series. */
  revision: number
  /** "Every 2 weeks on Tuesday, 26 times" */
  words: string
}

type Stored = {
  series: { id: string; revision: number; rule: string; startsAt: string } | null
  originalStart: string | null
}

/** The words are made once for all visits of a series. */
export const seriesMarks = () => {
  const wordsOf = new Map<string, string>()
  return ({ series, originalStart }: Stored): { series?: SeriesMark } => {
    if (!series || originalStart === null) return {}
    const { id, revision, rule, startsAt } = series
    const words = wordsOf.get(id) ?? repeatWords(fromRule(rule), startsAt.slice(0, 10))
    wordsOf.set(id, words)
    return { series: { id, originalStart, revision, words } }
  }
}
