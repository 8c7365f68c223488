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
