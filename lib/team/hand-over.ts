import { firstEndingAfter } from '#lib/availability/intervals.ts'
import { epochMs, type Span } from '#lib/availability/overlap.ts'

type Timed<T> = { span: T; from: number; until: number }

/**
 * Those of a member's appointments that another one has no time for, by start: they overlap one of
 * the other's own, or each other. Of a group that overlaps, as many as possible are taken. The cost
 * is that of sorting, however many overlap.
 */
export const untakeable = <T extends Span>(moving: readonly T[], own: readonly Span[]): T[] => {
  const busy = merged(own)
  const refused: Timed<T>[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const each of timed(moving).sort((a, b) => a.until - b.until || a.from - b.from)) {
    if (each.from < free || isTaken(each, busy)) refused.push(each)
    else free = each.until
  }
  return refused.sort((a, b) => a.from - b.from || a.until - b.until).map(({ span }) => span)
}

const timed = <T extends Span>(spans: readonly T[]): Timed<T>[] =>
  spans.map((span) => ({ span, from: epochMs(span.start), until: epochMs(span.end) }))

/** Without overlaps, by start. */
const merged = (spans: readonly Span[]): Timed<Span>[] => {
  const whole: Timed<Span>[] = []
  for (const each of timed(spans).sort((a, b) => a.from - b.from)) {
    const last = whole.at(-1)
    if (last && each.from < last.until) last.until = Math.max(last.until, each.until)
    else whole.push(each)
  }
  return whole
}

/** The first that ends after `from` is the only one to look at. */
const isTaken = ({ from, until }: Timed<Span>, busy: readonly Timed<Span>[]): boolean => {
  const first = firstEndingAfter(busy, from)
  return first !== undefined && first.from < until
}
