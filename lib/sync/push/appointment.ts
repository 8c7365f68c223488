import { saveMapping } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { scopeOfFailure } from '#lib/google/failure-kind.ts'
import type { RemoteSnapshot } from '../core/content.ts'
import type { Step } from '../core/reconcile.ts'
import { keepsChanging, withFence } from '../fence.ts'
import { agreed, applyRemoteChanges } from '../pull/apply-remote.ts'
import { patch, refetchEvent, remove } from './change.ts'
import { insert, takeNextId } from './insert.ts'
import { type Item, type Outcome, type PushContext, readItem, record, recordTrouble } from './item.ts'

/** One appointment to Google: look at it, do what the table says, look again when somebody was faster. */

const maxAttempts = 3

/** Null = done, or its trouble is its own and recorded on it; else the trouble of the whole connection. */
export const pushOne = async (context: PushContext, appointmentId: string): Promise<GoogleFailure | null> => {
  for (let look = 0; look < maxAttempts; look++) {
    const item = await readItem(context, appointmentId)
    if (!item) return null
    const outcome = mustBeRead(item) ? await refetchEvent(context, item, null) : await perform(context, item)
    if (outcome === 'done') return answered(context)
    if (outcome === 'retry') continue
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
const mustBeRead = ({ mapping }: Item) => mapping.needsRefetch && mapping.state !== 'pending'

const perform = async (context: PushContext, item: Item): Promise<Outcome> => {
  const { step } = item
  if (step.do === 'flag' && isWantedAgain(item))
    return item.mapping.etag === null ? intendAgain(context, item) : takeNextId(context, item)
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
const isWantedAgain = ({ row, mapping }: Item) =>
  row.status === 'booked' &&
  (mapping.state === 'gone' || (mapping.state === 'removed' && row.removedInGoogleAt === null))

/** Cancelled before its making was confirmed: it may be in Google all the same, where an insert under its own id meets it. */
const intendAgain = async (context: PushContext, { mapping }: Item): Promise<Outcome> => {
  const held = await withFence(context, (tx) => saveMapping(tx, mapping, { state: 'pending' }))
  return held ? 'retry' : 'done'
}

/** What Google says is taken in, and agreed where nothing is left to be written. */
const settle = async (
  context: PushContext,
  item: Item,
  step: Step & { do: 'converge' },
): Promise<Outcome> => {
  if (step.follow.length === 0)
    return record(context, item, { base: step.base, ...agreed(item.row.revision) })
  const { mapping } = item
  const remote = {
    state: 'present' as const,
    remoteSnapshot: mapping.remoteSnapshot as RemoteSnapshot,
    etag: mapping.etag ?? '',
    htmlLink: mapping.htmlLink,
  }
  const held = await withFence(context, async (tx) => {
    await applyRemoteChanges(tx, context, [{ mapping, remote }], { generation: mapping.generation })
  })
  return held ? 'retry' : 'done'
}
