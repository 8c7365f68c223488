import type { Fault } from '../../emulator/model.ts'
import type { Model } from '../chaos/model.ts'
import { changeBatch } from './batch-text.ts'
import { type Coverage, leastSent } from './coverage.ts'
import { changeHeader, headerCandidates } from './header-changes.ts'
import { type Mutated, mutate, type Path } from './mutations.ts'
import type { AskingName } from './operations.ts'
import type { Asking } from './prepare.ts'

/** Makes the emulator send an odd answer, and notes what was changed in it. */

/**
 * A field or a header of an answer, changed in `times` answers in a row. Plain data, so it can be
 * replayed.
 */
export type OddAnswer = Mutated & { asking: AskingName; part: 'body' | 'headers'; times: number }

export type Sent = {
  field: string
  path: Path
  kind: string
  label: string
  candidates: { field: string; kind: string }[]
  countedAs?: AskingName
}
export type Injected = { odd: OddAnswer; asking: Asking; sent: Sent[] }

export const inject = ({ google: { world } }: Model, one: Injected, coverage: Coverage) => {
  const { odd, asking } = one
  const { operation, after } = asking
  const fault = { match: { operation }, times: odd.times, ...(after && { after }) }
  world.faults.push(odd.part === 'headers' ? oddHeaders(fault, one) : oddBody(fault, one, coverage))
}

type Matching = Pick<Fault, 'match' | 'times' | 'after'>

/** Repetitions of an odd answer, and of the test, make the same change. */
const keepChange = (odd: OddAnswer, { field, label }: { field: string; label: string }) => {
  odd.field = field
  odd.change = label
}

const oddHeaders = (fault: Matching, { odd, asking: { refusal }, sent }: Injected): Fault => ({
  ...fault,
  ...(refusal ? { kind: 'body', status: refusal.status, body: JSON.stringify(refusal.body) } : { kind: 'headers' }),
  get headers() {
    const made = changeHeader(odd)
    if (!made) return {}
    keepChange(odd, made)
    sent.push({ ...made, path: [made.field], candidates: headerCandidates })
    return made.headers
  },
})

const ofOwnEvents: AskingName[] = [
  ...(['get after a conflict', 'get of a taken id'] as const),
  ...(['get from the old calendar', 'get before a removal'] as const),
]

/** Another odd answer may have made the product ask for an event of people by its id. */
const countedAsOf = ({ asking }: OddAnswer, given: unknown): AskingName =>
  ofOwnEvents.includes(asking) && !hasMarker(given) ? 'get of an unreadable event' : asking

const hasMarker = (given: unknown) =>
  typeof given === 'object' && given !== null && ('extendedProperties' in given || !('id' in given))

const oddBody = (fault: Matching, { odd, asking, sent }: Injected, coverage: Coverage): Fault => {
  const { hasNoBody, refusal, isBatch } = asking
  const rewrite = (given: unknown) => {
    const countedAs = countedAsOf(odd, given)
    const made = mutate(given, odd, (candidates) => leastSent(coverage, countedAs, candidates))
    if (!made) return given
    keepChange(odd, made)
    const { answer, ...one } = made
    sent.push({ ...one, countedAs })
    return answer
  }
  const rewriteText = (given: string) => {
    const { label, text } = changeBatch(given, odd)
    const part = { field: 'parts', kind: 'text' }
    keepChange(odd, { ...part, label })
    sent.push({ ...part, path: ['parts'], label, candidates: [part] })
    return text
  }
  if (isBatch) return { ...fault, kind: 'rewrite-text', rewriteText }
  if (!hasNoBody && !refusal) return { ...fault, kind: 'rewrite', rewrite }
  return {
    ...fault,
    kind: 'body',
    ...(refusal ? { status: refusal.status } : { executes: true }),
    get body() {
      return JSON.stringify(rewrite(refusal?.body ?? {}))
    },
  }
}
