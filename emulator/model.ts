// The shapes the emulator speaks: Calendar v3 resources as they travel in JSON, and the people behind them.

export type Account = {
  email: string
  sub: string
  name: string
  givenName: string
  familyName: string
  picture?: string
  timeZone: string
}

export type AccessRole = 'freeBusyReader' | 'reader' | 'writerWithoutPrivateAccess' | 'writer' | 'owner'

/** What kind of calendar it is: decides the form of its id and whether it can be watched. */
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

/** CalendarList entry of Calendar v3; default-valued fields are absent, as Google leaves them out. */
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

/** `date` (all-day, end exclusive) or `dateTime` (RFC 3339 with offset, or bare wall time with `timeZone`). */
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

/** Events resource of Calendar v3. Answers carry the fields Google always sends; bodies may carry any subset. */
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

/** What a person or a client sends: any subset; `null` clears a field in a change. */
export type EventDraft = { [K in keyof EventResource]?: EventResource[K] | null }

export type OAuthClient = {
  id: string
  secret: string
  /** Compared byte for byte. */
  redirectUris: string[]
  /** Clients of one project share consent and die together on revoke. */
  project: string
  publishing: 'production' | 'testing'
  /** Who may sign in while `publishing` is `testing`; empty = everybody. */
  testUsers: string[]
}

export type Change = { email?: string; calendarId?: string }

/** A date, or an instant with the zone the event was made in. */
export type StoredTime =
  | { date: string; ms?: undefined }
  | { date?: undefined; ms: number; timeZone?: string }

/** Fields kept as they travel: everything that is not derived, defaults left out. */
export type EventContent = Partial<
  Omit<
    EventResource,
    'id' | 'status' | 'start' | 'end' | 'kind' | 'etag' | 'creator' | 'organizer' | 'sequence'
  >
>

/** Never changed in place: each change stores a new object, so a list snapshot is an array of references. */
export type StoredEvent = {
  id: string
  status: EventStatus
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
  /** Provenance, never visible in resources: the client whose insert or import made the event. */
  createdByClient: string | null
  /** A person made a series of it: the repeats are theirs, whoever made the event. */
  repeatedByPerson?: true
  /** An exception that was written while its series began with it: still the event that was there before the series. */
  wasFirstInstance?: true
  /** Moved away or invitation withdrawn: only the id is left. */
  stub?: true
}

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

export type CalendarStore = {
  id: string
  kind: CalendarKind
  summary: string
  description?: string
  location?: string
  timeZone: string
  owner: string
  push: boolean
  deleted: boolean
  etag: string
  updated: number
  acl: Map<string, AccessRole>
  /** Who has it in their calendar list. */
  listed: Map<string, ListEntry>
  /** Sync tokens issued up to this position are dead. */
  tokensDeadUpTo: number
  events: Map<string, StoredEvent>
  exceptions: Map<string, Set<string>>
  uids: Map<string, Set<string>>
  /** Ids in order of change, with stale entries that are skipped and now and then swept. */
  log: { seq: number; id: string }[]
}

export type Channel = {
  id: string
  resourceId: string
  resourceUri: string
  address: string
  token?: string
  /** Milliseconds since the epoch, virtual clock. */
  expiration: number
  email: string
  clientId: string
  /** Calendar watched; absent for the account's calendar list. */
  calendarId?: string
  messages: number
}

/** What goes wrong with the next requests that match; set by `POST /_control/faults`. */
export type Fault = {
  match: { method?: string; path?: string; operation?: string }
  /** How many requests it hits; missing = until cleared. */
  times?: number
  /** Requests let through before it starts. */
  after?: number
  kind: 'status' | 'latency' | 'reset' | 'html' | 'lost-response'
  status?: number
  reason?: string
  message?: string
  /** Seconds, sent as `Retry-After`. */
  retryAfter?: number
  /** For `latency`; also waits before any other kind. */
  milliseconds?: number
  /** Waits for this instead; for tests in the same process. */
  until?: Promise<unknown>
  /** How many requests it has hit. */
  hits?: number
}
