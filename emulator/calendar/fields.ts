import { ApiError } from './errors.ts'

/** Fields to keep; `true` keeps a field whole. */
type Selection = Map<string, Selection | true>

const selections = new Map<string, Selection>()

/**
 * Partial response, `items(id,start/dateTime),nextPageToken`. Like Google, refuses unknown names.
 */
export function pickFields(resource: unknown, fields: string): unknown {
  let selection = selections.get(fields)
  if (!selection) {
    selection = parseFields(fields)
    selections.set(fields, selection)
  }
  return pick(resource, selection)
}

function pick(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, selection))
  if (typeof value !== 'object' || value === null) return value
  const source = value as Record<string, unknown>
  const every = selection.get('*')
  if (every === true) return value
  const picked: Record<string, unknown> = {}
  if (every) for (const [name, part] of Object.entries(source)) picked[name] = pick(part, every)
  for (const [name, inner] of selection) {
    const part = source[name]
    if (part !== undefined) picked[name] = inner === true ? part : pick(part, inner)
  }
  return picked
}

function parseFields(fields: string): Selection {
  const tokens = fields.match(/[^,/()\s]+|[,/()]/g) ?? []
  let at = 0
  const fail = (part: string): never => {
    throw new ApiError({
      status: 400,
      reason: 'invalidParameter',
      message: `Invalid field selection ${part}`,
      location: 'fields',
    })
  }
  function list(selection: Selection, parent: string): Selection {
    do selectOne(selection, parent)
    while (tokens[at] === ',' && ++at)
    return selection
  }
  function selectOne(selection: Selection, parent: string): void {
    const name = tokens[at++] ?? fail(fields)
    if (/^[,/()]$/.test(name) || !(FIELD_NAMES.has(name) || OPEN_MAPS.has(parent))) fail(name)
    if (tokens[at] === '/') {
      at++
      const inner: Selection = asMap(selection.get(name))
      selectOne(inner, name)
      selection.set(name, inner)
    } else if (tokens[at] === '(') {
      at++
      selection.set(name, list(asMap(selection.get(name)), name))
      if (tokens[at++] !== ')') fail(fields)
    } else selection.set(name, true)
  }
  const selection = list(new Map(), '')
  if (at < tokens.length) fail(tokens[at] ?? fields)
  return selection
}

function asMap(inner: Selection | true | undefined): Selection {
  return inner instanceof Map ? inner : new Map()
}

/** Fields whose children may have any name. */
const OPEN_MAPS = new Set(['*', 'private', 'shared', 'calendars', 'calendar', 'event', 'groups'])

const FIELD_NAMES = new Set(
  `* kind etag id status htmlLink created updated summary description location colorId creator organizer email displayName
  self start end date dateTime timeZone endTimeUnspecified recurrence recurringEventId originalStartTime transparency
  visibility iCalUID sequence attendees attendeesOmitted resource optional responseStatus comment additionalGuests
  extendedProperties private shared hangoutLink conferenceData createRequest requestId conferenceSolutionKey type statusCode
  conferenceId conferenceSolution key name iconUri entryPoints entryPointType uri label pin accessCode notes gadget
  anyoneCanAddSelf guestsCanInviteOthers guestsCanModify guestsCanSeeOtherGuests privateCopy locked reminders useDefault
  overrides method minutes source url title attachments fileUrl mimeType iconLink fileId eventType outOfOfficeProperties
  focusTimeProperties workingLocationProperties birthdayProperties items nextPageToken nextSyncToken accessRole
  defaultReminders summaryOverride backgroundColor foregroundColor hidden selected primary deleted notificationSettings
  conferenceProperties allowedConferenceSolutionTypes dataOwner autoAcceptInvitations timeMin timeMax calendars groups busy
  errors domain reason calendar event background foreground value resourceId resourceUri token expiration address payload
  params notifications eventLabelId signature parameters role scope`.split(/\s+/),
)
