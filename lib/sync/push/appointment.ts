import { saveCopy } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { scopeOfFailure } from '#lib/google/failure-kind.ts'
import type { Seen } from '../core/content.ts'
import type { Step } from '../core/reconcile.ts'
import { keepsChanging, recordUnderEpoch } from '../fence.ts'
import { agreed, applySightings } from '../pull/apply-remote.ts'
import { lookAt, patch, remove } from './change.ts'
import { insert, takeNextId } from './insert.ts'
import { type Item, type Outcome, type PushContext, readItem, record, recordTrouble } from './item.ts'

/** One appointment to Google: look at it, do what the table says, look again when somebody was faster. */

const looks = 3

/** Null = done, or its trouble is its own and recorded on it; else the trouble of the whole connection. */
export const pushOne = async (context: PushContext, appointmentId: string): Promise<GoogleFailure | null> => {
  for (let look = 0; look < looks; look++) {
    const item = await readItem(context, appointmentId)
    if (!item) return null
    const outcome = mustBeRead(item) ? await lookAt(context, item, null) : await perform(context, item)
    if (outcome === 'done') return answered(context)
    if (outcome === 'look-again') continue
    if (scopeOfFailure[outcome.kind] === 'connection') return outcome
    await recordTrouble(context, item, outcome)
    return isSilent(context, outcome) ? outcome : null
  }
  const item = await readItem(context, appointmentId)
  if (item) await recordTrouble(context, item, keepsChanging)
  return null
}

const patience = 5

/** Nothing at all was heard of Google several times in a row: no need to ask for each of what is left, it waits together. */
const isSilent = ({ silence }: PushContext, { kind, status }: GoogleFailure): boolean => {
  const isHeard = kind !== 'transient' || (status !== null && status < 500)
  silence.unanswered = isHeard ? 0 : silence.unanswered + 1
  return silence.unanswered >= patience
}

const answered = ({ silence }: PushContext): null => {
  silence.unanswered = 0
  return null
}

/** What is only intended so far is read when its insert meets it. */
const mustBeRead = ({ copy }: Item) => copy.unread && copy.state !== 'pending'

const perform = async (context: PushContext, item: Item): Promise<Outcome> => {
  const { step } = item
  if (step.do === 'flag' && isWantedAgain(item))
    return item.copy.etag === null ? intendAgain(context, item) : takeNextId(context, item)
  if (step.do === 'insert') return insert(context, item, step.content)
  if (step.do === 'delete') return remove(context, item)
  // What was seen of an appointment that was cancelled then, and is booked again, is followed before anything is written.
  if (step.do === 'converge' && (step.follow.length > 0 || step.write.length === 0))
    return settle(context, item, step)
  if (step.do === 'converge') return patch(context, item, step)
  if (step.do === 'forget') return record(context, item, { state: 'gone', ...agreed(item.row.revision) })
  // Flagged: people are asked, and until they answer there is nothing to tell Google.
  return record(context, item, agreed(item.row.revision))
}

/** People answered: reinstated after both sides had ended it, or put back after its removal in Google. */
const isWantedAgain = ({ row, copy }: Item) =>
  row.status === 'booked' &&
  (copy.state === 'gone' || (copy.state === 'removed' && row.removedInGoogleAt === null))

/** Cancelled before its making was confirmed: it may be in Google all the same, where an insert under its own id meets it. */
const intendAgain = async (context: PushContext, { copy }: Item): Promise<Outcome> => {
  const held = await recordUnderEpoch(context, (tx) => saveCopy(tx, copy, { state: 'pending' }))
  return held ? 'look-again' : 'done'
}

/** What Google says is taken in, and agreed where nothing is left to be written. */
const settle = async (
  context: PushContext,
  item: Item,
  step: Step & { do: 'converge' },
): Promise<Outcome> => {
  if (step.follow.length === 0)
    return record(context, item, { base: step.base, ...agreed(item.row.revision) })
  const { copy } = item
  const remote = {
    state: 'present' as const,
    seen: copy.seen as Seen,
    etag: copy.etag ?? '',
    htmlLink: copy.htmlLink,
  }
  const held = await recordUnderEpoch(context, async (tx) => {
    await applySightings(tx, context, [{ copy, remote }], { generation: copy.generation })
  })
  return held ? 'look-again' : 'done'
}
