/**
 * Behaviour of Google that is undocumented or happens only sometimes, and limits for tests. Set by
 * `POST /_control/switches`.
 */
export type Switches = {
  /** Lists are in random order. */
  shuffle: boolean
  /** The parts of a batch are executed in random order. */
  shuffleBatch: boolean
  /** The parts of a batch are answered in random order. */
  shuffleBatchAnswers: boolean
  /** Exceptions come before their series. */
  exceptionsFirst: boolean
  /** The last item of a page is repeated at the end of the next page. */
  duplicateAcrossPages: boolean
  /** Maximum items per page of events, whatever `maxResults` is; 0 = no limit. */
  itemsPerPage: number
  /** The first page of a list has no items, only a page token. */
  emptyFirstPage: boolean
  /** Deltas after the deletion of a series also contain its exceptions, as cancelled. */
  cancelledMasterEmitsExceptions: boolean
  /** Cancelled instances carry only `kind`, `id` and `status`. */
  bareCancelledInstances: boolean
  /** Etag of an instance without changes of its own: that of its series, or its own. */
  instanceEtags: 'series' | 'own'
  /** "Duplicate" in the interface copies private extended properties. */
  duplicateCopiesPrivateProperties: boolean
  /**
   * Update or patch of a deleted event: restore it if the body says so, or refuse with this status.
   */
  writeToDeleted: 'restore' | 403 | 404 | 410
  /**
   * When `sequence` is raised: on changes of times, recurrence, guests or status; on all changes;
   * never.
   */
  sequenceIncrements: 'content' | 'always' | 'never'
  /** A write that changes nothing gets a new etag and is part of the next delta. */
  idleWritesCount: boolean
  /** For repeated `privateExtendedProperty`: all must match, or any. */
  extendedPropertyMatch: 'all' | 'any'
  /** The sync message of a channel is delivered before `watch` responds. */
  syncMessageFirst: boolean
  /** Whether push notifications are delivered, dropped, sent twice or delayed. */
  notifications: 'deliver' | 'drop' | 'double' | 'delay'
  /** Delay of a push notification if `notifications` is `delay`, in real milliseconds. */
  notificationDelayMs: number
  /** Wait before the first retry after a 5xx, in real milliseconds; doubles each time. */
  notificationRetryMs: number
  /** Maximum attempts per push notification. */
  notificationAttempts: number
  /**
   * A delta with other parameters than its first read (undefined at Google): refused or answered.
   */
  differingSyncParameters: 'refuse' | 'answer'
  /** A change of access invalidates the calendar's sync tokens. */
  accessChangeExpiresTokens: boolean
  /** A write to a private event by a `writerWithoutPrivateAccess`: 403, or executed. */
  privateWrites: 'refuse' | 'allow'
  /**
   * Real milliseconds by which `events.list` and `events.instances` lag behind writes, and
   * `events.get`. Writes before the switch was set are visible at once.
   */
  readLagMs: number
  getLagMs: number
  /** Units per minute and account before 403 `rateLimitExceeded`; a patch costs 3. 0 = no limit. */
  quotaPerMinute: number
  /** Lifetime of sync tokens in days, by the virtual clock. */
  syncTokenDays: number
  /** Maximum channel lifetime in seconds; longer ones are shortened. */
  channelMaxSeconds: number
  /** The checkboxes of the consent page are ticked initially. */
  consentTicked: boolean
  /** Guests with an account here get a copy of the event in their calendar. */
  deliverInvitations: boolean
  /** How many years `singleEvents=true` without `timeMax` expands. */
  expansionYears: number
}

export function defaultSwitches(): Switches {
  return {
    shuffle: false,
    shuffleBatch: true,
    shuffleBatchAnswers: false,
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
    notifications: 'deliver',
    notificationDelayMs: 200,
    notificationRetryMs: 100,
    notificationAttempts: 5,
    differingSyncParameters: 'refuse',
    accessChangeExpiresTokens: true,
    privateWrites: 'refuse',
    readLagMs: 0,
    getLagMs: 0,
    quotaPerMinute: 0,
    syncTokenDays: 28,
    channelMaxSeconds: 604_800,
    consentTicked: false,
    deliverInvitations: true,
    expansionYears: 5,
  }
}
