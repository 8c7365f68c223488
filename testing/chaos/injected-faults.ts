import type { InjectedFault } from './commands.ts'

/** Every failure kind, and false answers such as 404 for an event that exists. */
const ofAnyOperation: Omit<InjectedFault, 'operation'>[] = [
  { kind: 'status', status: 500, reason: 'backendError' },
  { kind: 'status', status: 503, reason: 'backendError' },
  { kind: 'html', status: 502 },
  { kind: 'reset' },
  { kind: 'lost-response' },
  { kind: 'latency' },
  { kind: 'status', status: 401, reason: 'authError' },
  { kind: 'status', status: 403, reason: 'rateLimitExceeded' },
  { kind: 'status', status: 403, reason: 'userRateLimitExceeded' },
  { kind: 'status', status: 429, reason: 'rateLimitExceeded', retryAfter: 20 },
  { kind: 'status', status: 403, reason: 'quotaExceeded' },
  { kind: 'status', status: 403, reason: 'insufficientPermissions' },
  // Pages of a proxy or of Google's front end, which say nothing about the resource.
  ...[200, 400, 401, 403, 404, 409, 410, 412, 429].map((status) => ({ kind: 'html' as const, status })),
  { kind: 'html', status: 200, executes: true },
  { kind: 'empty-object' },
  { kind: 'empty-object', executes: true },
  { kind: 'json-string' },
  { kind: 'json-string', executes: true },
  { kind: 'truncated-json' },
  { kind: 'cut-short' },
]
const oddEvents: Omit<InjectedFault, 'operation'>[] = [
  { kind: 'missing-fields', fields: ['id'] },
  { kind: 'missing-fields', fields: ['start', 'end'] },
  { kind: 'missing-fields', fields: ['etag'] },
  { kind: 'other-id' },
]
const refusedWrites: Omit<InjectedFault, 'operation'>[] = [
  { kind: 'status', status: 403, reason: 'requiredAccessLevel' },
  { kind: 'status', status: 400, reason: 'badRequest' },
]
const ofOperation: Record<string, Omit<InjectedFault, 'operation'>[]> = {
  'events.list': [
    { kind: 'empty-list' },
    { kind: 'empty-list' },
    { kind: 'no-token' },
    { kind: 'both-tokens' },
    { kind: 'repeat-page' },
    { kind: 'missing-fields', fields: ['start', 'end'] },
    { kind: 'missing-fields', fields: ['id', 'start', 'end'] },
    { kind: 'status', status: 410, reason: 'fullSyncRequired' },
    { kind: 'status', status: 410, reason: 'fullSyncRequired' },
    { kind: 'status', status: 400, reason: 'invalid' },
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 403, reason: 'forbidden' },
  ],
  'events.insert': [...refusedWrites, ...oddEvents, { kind: 'status', status: 409, reason: 'duplicate' }],
  'events.patch': [
    ...refusedWrites,
    ...oddEvents,
    { kind: 'status', status: 412, reason: 'conditionNotMet' },
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 410, reason: 'deleted' },
  ],
  'events.delete': [
    { kind: 'status', status: 412, reason: 'conditionNotMet' },
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 410, reason: 'deleted' },
  ],
  'events.get': [
    ...oddEvents,
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 410, reason: 'deleted' },
  ],
  batch: [
    { kind: 'missing-parts', parts: [1, 3, 4] },
    { kind: 'repeated-parts', parts: [2] },
    { kind: 'status', status: 404, reason: 'notFound' },
  ],
  'events.watch': [
    { kind: 'missing-fields', fields: ['resourceId', 'expiration'] },
    { kind: 'status', status: 400, reason: 'pushNotSupportedForRequestedResource' },
  ],
  'channels.stop': [],
}
const tokenFaults: InjectedFault[] = [
  { operation: 'oauth.token', kind: 'status', status: 500, reason: 'internal_failure' },
  { operation: 'oauth.token', kind: 'html', status: 502 },
  { operation: 'oauth.token', kind: 'html', status: 400 },
  { operation: 'oauth.token', kind: 'html', status: 200 },
  { operation: 'oauth.token', kind: 'empty-object' },
  { operation: 'oauth.token', kind: 'cut-short' },
  { operation: 'oauth.token', kind: 'reset' },
  { operation: 'oauth.token', kind: 'lost-response' },
  { operation: 'oauth.token', kind: 'status', status: 400, reason: 'invalid_grant' },
  { operation: 'oauth.token', kind: 'status', status: 401, reason: 'invalid_client' },
  { operation: 'oauth.revoke', kind: 'status', status: 500, reason: 'internal_failure' },
]
const faultsFor = ([operation, special]: [string, Omit<InjectedFault, 'operation'>[]]): InjectedFault[] =>
  [...ofAnyOperation, ...special].map((fault) => ({ operation, ...fault }))

/** Faults of the most frequent operations are listed twice. */
export const injectedFaults: InjectedFault[] = [
  ...Object.entries(ofOperation).flatMap(faultsFor),
  ...Object.entries(ofOperation).slice(0, 4).flatMap(faultsFor),
  ...tokenFaults,
]
