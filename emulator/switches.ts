/**
 * What Google does one way or another: some of it nobody established, some of it happens only now and then.
 * Each is set by `POST /_control/switches`; the first value named is the default.
 */
export type Switches = {
  /** Items of a list page in random order. */
  shuffle: boolean
  /** Exceptions on earlier pages than their master. */
  exceptionsFirst: boolean
  /** The first item of a page again at the end of the next one. */
  duplicateAcrossPages: boolean
  /** Most items on a page of events, however many were asked for; 0 = as asked. */
  itemsPerPage: number
  /** The first page of a list has nothing on it, only the token of the next. */
  emptyFirstPage: boolean
  /** Deleting a series also sends each of its exceptions as cancelled. */
  cancelledMasterEmitsExceptions: boolean
  /** Cancelled instances carry only `kind`, `id` and `status`. */
  bareCancelledInstances: boolean
  /** An instance that nobody touched has the etag of its series, or one of its own. */
  instanceEtags: 'series' | 'own'
  /** "Duplicate" in the interface copies private extended properties. */
  duplicateCopiesPrivateProperties: boolean
  /** Update and patch of a deleted event: bring it back (when the status says so), or refuse with this status. */
  writeToDeleted: 'restore' | 403 | 404 | 410
  /** When the server raises `sequence`: on changes of time, recurrence or guests; on every change; never. */
  sequenceIncrements: 'content' | 'always' | 'never'
  /** A write that changes nothing still gets a new etag and appears in the next delta. */
  idleWritesCount: boolean
  /** Repeated `privateExtendedProperty`: all must match, or one is enough. */
  extendedPropertyMatch: 'all' | 'any'
  /** Whether the first notification of a channel leaves before the answer to `watch`. */
  syncMessageFirst: boolean
  /** What happens to notifications. */
  rings: 'deliver' | 'drop' | 'double' | 'delay'
  /** For `delay`, and between tries after a 5xx, in real milliseconds. */
  ringDelayMs: number
  ringRetryMs: number
  /** Highest number of tries for one notification. */
  ringTries: number
  /** A delta asked with other parameters than its first read: refused (Google calls it undefined), or answered. */
  differingSyncParameters: 'refuse' | 'answer'
  /** Units per minute and account (a patch costs 3) before 403 rateLimitExceeded; 0 = no limit. */
  quotaPerMinute: number
  /** Lifetime of sync tokens in days of the virtual clock. */
  syncTokenDays: number
  /** Longest channel lifetime in seconds; longer requests are shortened. */
  channelMaxSeconds: number
  /** Boxes of the consent page ticked from the start. */
  consentTicked: boolean
  /** Guests with an account here get the event in their own calendar. */
  deliverInvitations: boolean
  /** How far `singleEvents=true` without `timeMax` expands. */
  expansionYears: number
}

export function defaultSwitches(): Switches {
  return {
    shuffle: false,
    exceptionsFirst: false,
    duplicateAcrossPages: false,
    itemsPerPage: 0,
    emptyFirstPage: false,
    cancelledMasterEmitsExceptions: false,
    bareCancelledInstances: false,
    instanceEtags: 'series',
    duplicateCopiesPrivateProperties: true,
    writeToDeleted: 'restore',
    sequenceIncrements: 'content',
    idleWritesCount: true,
    extendedPropertyMatch: 'all',
    syncMessageFirst: false,
    rings: 'deliver',
    ringDelayMs: 200,
    ringRetryMs: 100,
    ringTries: 5,
    differingSyncParameters: 'refuse',
    quotaPerMinute: 0,
    syncTokenDays: 28,
    channelMaxSeconds: 604_800,
    consentTicked: false,
    deliverInvitations: true,
    expansionYears: 5,
  }
}
