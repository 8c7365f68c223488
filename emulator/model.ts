// Calendar v3 resources as they travel in JSON, and the types of the emulator's own state.

export type Account = {
  email: string
  sub: string
  name: string
  givenName: string
  familyName: string
  picture?: string
  timeZone: string
  /** Further addresses of the same mailbox; a guest with one of them is `self`. */
  aliases?: string[]
}

export type AccessRole = 'freeBusyReader' | 'reader' | 'writerWithoutPrivateAccess' | 'writer' | 'owner'

/** Decides the form of the calendar's id and whether it can be watched. */
export type CalendarKind = 'primary' | 'secondary' | 'holidays' | 'birthdays' | 'import' | 'resource'

export type EventType = 'default' | 'outOfOffice' | 'focusTime' | 'workingLocation' | 'birthday' | 'fromGmail'
export type EventStatus = 'confirmed' | 'tentative' | 'cancelled'
export type ResponseStatus = 'needsAction' | 'declined' | 'tentative' | 'accepted'

export type Reminder = { method: 'email' | 'popup'; minutes: number }

/** Calendars resource of Calendar v3. */
export type Calendar = {
  kind: 'calendar#calendar'
  etag: string
  id: string
  summary: string
  description?: string
  location?: string
  timeZone: string
  dataOwner?: string
  conferenceProperties: { allowedConferenceSolutionTypes: string[] }
}

/** CalendarList entry of Calendar v3; like Google, it omits fields with their default value. */
export type CalendarListEntry = {
  kind: 'calendar#calendarListEntry'
  etag: string
  id: string
  summary?: string
  summaryOverride?: string
  description?: string
  location?: string
  timeZone?: string
  colorId?: string
  backgroundColor?: string
  foregroundColor?: string
  hidden?: true
  selected?: true
  accessRole?: AccessRole
  primary?: true
  deleted?: true
  defaultReminders?: Reminder[]
  conferenceProperties?: { allowedConferenceSolutionTypes: string[] }
  dataOwner?: string
}

/**
 * `date` (all-day, end exclusive) or `dateTime` (RFC 3339 with offset, or wall time without one and
 * `timeZone`).
 */
export type EventTime = { date?: string | null; dateTime?: string | null; timeZone?: string | null }

export type Identity = { email: string; displayName?: string; self?: true }

export type Attendee = {
  email: string
  displayName?: string
  optional?: boolean
  resource?: boolean
  additionalGuests?: number
  comment?: string
  responseStatus?: ResponseStatus
  organizer?: true
  self?: true
}

export type Attachment = {
  fileUrl: string
  title?: string
  mimeType?: string
  iconLink?: string
  fileId?: string
}

export type ConferenceData = {
  createRequest?: {
    requestId: string
    conferenceSolutionKey?: { type: string }
    status?: { statusCode: 'pending' | 'success' | 'failure' }
  }
  conferenceId?: string
  conferenceSolution?: { key: { type: string }; name?: string; iconUri?: string }
  entryPoints?: { entryPointType: string; uri: string; label?: string }[]
}

/**
 * Events resource of Calendar v3. Responses have the fields that Google always sends; request
 * bodies may have any subset.
 */
export type EventResource = {
  kind?: 'calendar#event'
  etag?: string
  id: string
  status: EventStatus
  htmlLink?: string
  created?: string
  updated?: string
  summary?: string
  description?: string
  location?: string
  colorId?: string
  creator?: Identity
  organizer?: Identity
  start: EventTime
  end: EventTime
  endTimeUnspecified?: boolean
  recurrence?: string[]
  recurringEventId?: string
  originalStartTime?: EventTime
  transparency?: 'opaque' | 'transparent'
  visibility?: 'default' | 'public' | 'private' | 'confidential'
  iCalUID?: string
  sequence?: number
  attendees?: Attendee[]
  attendeesOmitted?: boolean
  extendedProperties?: { private?: Record<string, string>; shared?: Record<string, string> }
  hangoutLink?: string
  conferenceData?: ConferenceData
  anyoneCanAddSelf?: boolean
  guestsCanInviteOthers?: boolean
  guestsCanModify?: boolean
  guestsCanSeeOtherGuests?: boolean
  privateCopy?: boolean
  locked?: boolean
  reminders?: { useDefault: boolean; overrides?: Reminder[] }
  source?: { url?: string; title?: string }
  attachments?: Attachment[]
  eventType?: EventType
  outOfOfficeProperties?: Record<string, unknown>
  focusTimeProperties?: Record<string, unknown>
  workingLocationProperties?: Record<string, unknown>
  birthdayProperties?: Record<string, unknown>
}

/** An event as a person or a client sends it: any subset; in a change, `null` clears a field. */
export type EventDraft = { [K in keyof EventResource]?: EventResource[K] | null }

export type OAuthClient = {
  id: string
  secret: string
  /** Compared byte for byte. */
  redirectUris: string[]
  /** Clients of one project share consent; revoking one revokes all of them. */
  project: string
  publishing: 'production' | 'testing'
  /** Addresses that may sign in while `publishing` is `testing`; empty = all. */
  testUsers: string[]
}

/** Identifies what changed: an account's calendar list, a calendar's events, or both. */
export type Change = { email?: string; calendarId?: string }

/** A date, or an instant with the time zone the event was created in. */
export type StoredTime = { date: string; ms?: undefined } | { date?: undefined; ms: number; timeZone?: string }

/** Fields stored in their JSON form: all that are not derived, without default values. */
export type EventContent = Partial<
  Omit<EventResource, 'id' | 'status' | 'start' | 'end' | 'kind' | 'etag' | 'creator' | 'organizer' | 'sequence'>
>

/**
 * Immutable: each change stores a new object, so a snapshot of a list is an array of references.
 */
export type StoredEvent = {
  id: string
  status: EventStatus
  /** Position in the change log. */
  seq: number
  etag: string
  created: number
  updated: number
  sequence: number
  iCalUID: string
  eventType: EventType
  start: StoredTime
  end: StoredTime
  startMs: number
  endMs: number
  masterId?: string
  originalStart?: StoredTime
  creator: Identity
  organizer: Identity
  content: EventContent
  /** The client whose insert or import created the event; never part of a resource. */
  createdByClient: string | null
  /** A person turned the event into a series; only its first instance is still the client's. */
  repeatedByPerson?: true
  /**
   * This exception was written while it was the first instance of its series: it is the event that
   * existed before the series.
   */
  wasFirstInstance?: true
  /** The event was moved away or its invitation withdrawn; only the id remains visible. */
  stub?: true
}

/** A calendar's entry in the calendar list of one account. */
export type ListEntry = {
  summaryOverride?: string
  colorId?: string
  backgroundColor?: string
  foregroundColor?: string
  hidden: boolean
  selected: boolean
  deleted: boolean
  seq: number
  etag: string
}

/** A calendar with its events, sharing and change log. */
export type CalendarStore = {
  id: string
  kind: CalendarKind
  summary: string
  description?: string
  location?: string
  timeZone: string
  owner: string
  /** Whether `watch` is supported. */
  push: boolean
  deleted: boolean
  etag: string
  updated: number
  acl: Map<string, AccessRole>
  /** List entries by the account's address. */
  listed: Map<string, ListEntry>
  /** Sync tokens issued up to this position of the change log are invalid. */
  tokensDeadUpTo: number
  events: Map<string, StoredEvent>
  /** Ids of exceptions by the id of their series. */
  exceptions: Map<string, Set<string>>
  /** Event ids by iCalUID. */
  uids: Map<string, Set<string>>
  /** Ids in order of change. Readers skip stale entries, which are removed from time to time. */
  changeLog: { seq: number; id: string }[]
}

/** A push notification channel. */
export type Channel = {
  id: string
  resourceId: string
  resourceUri: string
  address: string
  token?: string
  /** Milliseconds since the epoch, by the virtual clock. */
  expiration: number
  email: string
  clientId: string
  /** The watched calendar; absent for the account's calendar list. */
  calendarId?: string
  /** Number of the last message. */
  messages: number
}

/**
 * Kinds of injected failures. The first group replaces the answer, the second changes the answer of
 * the executed request, the third concerns the connection.
 */
export type FaultKind =
  | 'status'
  | 'html'
  | 'empty-object'
  | 'json-string'
  | 'body'
  | 'empty-list'
  | 'no-token'
  | 'both-tokens'
  | 'repeat-page'
  | 'missing-fields'
  | 'other-id'
  | 'rewrite'
  | 'rewrite-text'
  | 'headers'
  | 'truncated-json'
  | 'missing-parts'
  | 'repeated-parts'
  | 'cut-short'
  | 'latency'
  | 'reset'
  | 'lost-response'

/** A failure injected into matching requests; set by `POST /_control/faults`. */
export type Fault = {
  match: { method?: string; path?: string; operation?: string }
  /** Number of requests to fail; absent = until cleared. */
  times?: number
  /** Number of matching requests to let through first. */
  after?: number
  kind: FaultKind
  status?: number
  reason?: string
  message?: string
  /** Kinds that replace the answer: the request is executed nevertheless. */
  executes?: boolean
  /** The answer of `body`. */
  body?: string
  contentType?: string
  /** The fields that `missing-fields` removes. */
  fields?: string[]
  /** The positions, from 1, of the parts that `missing-parts` and `repeated-parts` concern. */
  parts?: number[]
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number
  /** Of the answer, by lower-case name; null leaves one out. */
  headers?: Record<string, string | null>
  /** The delay of `latency`; with any other kind, a delay before it. */
  milliseconds?: number
  /** Also waits for this promise; for tests in the same process. */
  until?: Promise<unknown>
  /** What `rewrite` makes of the parsed answer; for tests in the same process. */
  rewrite?: (answer: unknown) => unknown
  /** What `rewrite-text` makes of the body, of whatever status; for tests in the same process. */
  rewriteText?: (body: string) => string
  /** Number of requests failed so far. */
  hits?: number
}
