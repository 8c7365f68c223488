import type { Reply } from '../http.ts'
import type { Fault } from '../model.ts'
import { randomId } from '../world.ts'

type Fields = Record<string, unknown>

/**
 * The answer of an executed request, changed by a fault. Only successful JSON answers are changed;
 * any body can be cut. `both-tokens` and `repeat-page` are applied where the page is made.
 */
export function changedReply(fault: Fault, reply: Reply | undefined): Reply | undefined {
  if (!reply?.body) return reply
  if (fault.kind === 'cut-short') return { ...reply, cutShort: true }
  if (fault.kind === 'rewrite-text') return { ...reply, body: fault.rewriteText?.(reply.body.toString()) ?? reply.body }
  if (fault.kind === 'truncated-json') return { ...reply, body: reply.body.slice(0, reply.body.length / 2) }
  const change = CHANGES[fault.kind]
  if (!change || reply.status !== 200 || !isJson(reply)) return reply
  return { ...reply, body: JSON.stringify(change(JSON.parse(reply.body.toString()), fault)) }
}

function isJson({ headers }: Reply): boolean {
  return headers?.['content-type']?.startsWith('application/json') === true
}

const CHANGES: Partial<Record<Fault['kind'], (answer: Fields, fault: Fault) => unknown>> = {
  'empty-list': (answer) => ({ ...withoutTokens(answer), items: [] }),
  'no-token': withoutTokens,
  'missing-fields': (answer, { fields = ['id', 'start', 'end'] }) =>
    Array.isArray(answer.items)
      ? { ...answer, items: answer.items.map((item: Fields) => without(item, fields)) }
      : without(answer, fields),
  'other-id': (answer) => ({ ...answer, id: randomId() }),
  rewrite: (answer, { rewrite }) => (rewrite ? rewrite(answer) : answer),
}

function withoutTokens(answer: Fields): Fields {
  return without(answer, ['nextPageToken', 'nextSyncToken'])
}

function without(answer: Fields, fields: string[]): Fields {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !fields.includes(name)))
}
