import { STATUS_CODES } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { errorReply } from '../calendar/errors.ts'
import { html, json, type Reply } from '../http.ts'
import type { Fault } from '../model.ts'
import { changedReply } from './changed-reply.ts'

export type RequestInfo = { method: string; path: string; operation: string }

/** The first fault that matches the request; updates its counters. */
export function takeFault(faults: Fault[], request: RequestInfo): Fault | undefined {
  for (const fault of faults) {
    if (!matchesRequest(fault, request)) continue
    if (fault.after && fault.after > 0) {
      fault.after--
      continue
    }
    if (fault.times !== undefined && fault.times <= 0) continue
    if (fault.times !== undefined) fault.times--
    fault.hits = (fault.hits ?? 0) + 1
    return fault
  }
}

function matchesRequest({ match }: Fault, request: RequestInfo): boolean {
  if (match.method && match.method.toUpperCase() !== request.method) return false
  if (match.operation && match.operation !== request.operation) return false
  return !match.path || new RegExp(match.path).test(request.path)
}

/**
 * Runs a handler with a fault applied. Returns `'reset'` if the connection must be broken: without
 * running the handler (`reset`) or after it committed (`lost-response`).
 */
export async function withFault(
  fault: Fault | undefined,
  handle: () => Promise<Reply | undefined>,
): Promise<Reply | 'reset' | undefined> {
  if (fault?.milliseconds) await pause(fault.milliseconds)
  await fault?.until
  if (!fault || fault.kind === 'latency') return handle()
  if (fault.kind === 'reset') return 'reset'
  const replacement = replacementFor(fault)
  const reply = !replacement || fault.executes ? await handle() : undefined
  if (fault.kind === 'lost-response') return 'reset'
  return withHeaders(fault, replacement ?? changedReply(fault, reply))
}

/** The answer of the kinds that replace it. */
function replacementFor(fault: Fault): Reply | undefined {
  const { kind, status = 200 } = fault
  if (kind === 'status') return statusFault(fault)
  if (kind === 'html') return htmlFault(fault)
  if (kind === 'empty-object') return json({}, status)
  if (kind === 'json-string') return json('OK', status)
  if (kind === 'body') {
    const { body = '', contentType = 'application/json; charset=UTF-8' } = fault
    return { status, headers: { 'content-type': contentType }, body }
  }
}

function statusFault({ status = 500, reason = DEFAULT_REASONS[status] ?? 'backendError', message }: Fault): Reply {
  if (OAUTH_ERRORS.has(reason)) return json({ error: reason, error_description: message ?? 'Bad Request' }, status)
  const location = reason === 'conditionNotMet' ? 'If-Match' : reason === 'authError' ? 'Authorization' : undefined
  return errorReply({
    status,
    reason,
    message,
    ...(location && { locationType: 'header' as const, location }),
    ...(reason === 'fullSyncRequired' && { location: 'syncToken' }),
  })
}

const DEFAULT_REASONS: Record<number, string> = {
  400: 'badRequest',
  401: 'authError',
  403: 'forbidden',
  404: 'notFound',
  409: 'duplicate',
  410: 'deleted',
  412: 'conditionNotMet',
  429: 'rateLimitExceeded',
}

/** Errors of the token endpoint, which have another shape. */
const OAUTH_ERRORS = new Set([
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
  'admin_policy_enforced',
  'invalid_token',
  'internal_failure',
])

function htmlFault({ status = 502 }: Fault): Reply {
  const title = `Error ${status} (${STATUS_CODES[status] ?? 'Error'})!!1`
  return html(
    `<!DOCTYPE html><html lang=en><title>${title}</title><p>${status}. That’s an error. <p>That’s all we know.`,
    status,
  )
}

function withHeaders({ retryAfter, headers = {} }: Fault, reply: Reply | undefined): Reply | undefined {
  if (!reply) return reply
  const all = { ...reply.headers, ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }), ...headers }
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)
  return { ...reply, headers: Object.fromEntries(kept), ...(headers.date === null && { withoutDate: true }) }
}
