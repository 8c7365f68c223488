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
]
const refusedWrites: Omit<InjectedFault, 'operation'>[] = [
  { kind: 'status', status: 403, reason: 'requiredAccessLevel' },
  { kind: 'status', status: 400, reason: 'badRequest' },
]
const ofOperation: Record<string, Omit<InjectedFault, 'operation'>[]> = {
  'events.list': [
    { kind: 'status', status: 410, reason: 'fullSyncRequired' },
    { kind: 'status', status: 410, reason: 'fullSyncRequired' },
    { kind: 'status', status: 400, reason: 'invalid' },
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 403, reason: 'forbidden' },
  ],
  'events.insert': [...refusedWrites, { kind: 'status', status: 409, reason: 'duplicate' }],
  'events.patch': [
    ...refusedWrites,
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
    { kind: 'status', status: 404, reason: 'notFound' },
    { kind: 'status', status: 410, reason: 'deleted' },
  ],
  'events.watch': [{ kind: 'status', status: 400, reason: 'pushNotSupportedForRequestedResource' }],
  'channels.stop': [],
}
const tokenFaults: InjectedFault[] = [
  { operation: 'oauth.token', kind: 'status', status: 500, reason: 'internal_failure' },
  { operation: 'oauth.token', kind: 'html', status: 502 },
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
