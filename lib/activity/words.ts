import { hoursInWords } from '#lib/dates/hours.ts'

/** Values of the activity log for people, each as one line of text. */

export type ActivityContext = {
  /** IANA zone of the business, for instants. */
  timeZone: string
  nameOf: (memberId: string) => string
}

type Format = (value: unknown, context: ActivityContext) => string

const asText = (value: unknown) => (value === '' || value === null || value === undefined ? '' : String(value))

const yesNo: Format = (value) => (value ? 'on' : 'off')

const one =
  (labels: Record<string, string>): Format =>
  (value) =>
    labels[String(value)] ?? String(value)

const people: Format = (value, { nameOf }) => (Array.isArray(value) ? value.map(nameOf).join(', ') : '')

const list: Format = (value) => (Array.isArray(value) ? value.join(', ') : '')

const minutes: Format = (value) => (typeof value === 'number' ? `${value} min` : '')

const ruleIn =
  (unit: string): Format =>
  (value) =>
    typeof value === 'number' ? `${value} ${unit}` : 'as the business'

const shortWeekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

type Hours = { from: string; to: string }[]

const week: Format = (value) =>
  Object.entries((value ?? {}) as Record<string, Hours>)
    .map(([number, hours]) => `${shortWeekdays[Number(number) - 1]} ${hoursInWords(hours)}`)
    .join('; ')

const dates: Format = (value) =>
  ((value ?? []) as { date: string; hours: Hours; note: string }[])
    .map(({ date, hours, note }) => `${date} ${hoursInWords(hours)}${note ? ` (${note})` : ''}`)
    .join('; ')

/** The fields shown, in this order. Others (ids, internal state) are left out. */
export const shownFields: [key: string, label: string, format: Format][] = [
  ['title', 'Title', asText],
  ['when', 'When', asText],
  ['location', 'Location', asText],
  ['assigneeIds', 'Assignees', people],
  ['customerName', 'Customer', asText],
  ['customerPhone', 'Phone', asText],
  ['customerEmail', 'Customer email', asText],
  ['notes', 'Notes', asText],
  ['status', 'Status', asText],
  ['account', 'Account', asText],
  ['calendar', 'Calendar', asText],
  ['name', 'Name', asText],
  ['timeZone', 'Time zone', asText],
  ['openingHours', 'Opening hours', week],
  ['openingExceptions', 'Exceptions', dates],
  ['defaultMinutes', 'Default length', (value) => (value ? `${value} min` : '')],
  ['staffSee', 'Google events for staff', one({ details: 'with details', busy: 'as “Busy”' })],
  ['guestsOnGoogle', 'Assignees as guests in Google', yesNo],
  [
    'guestlessBlocks',
    'Google events without guests block',
    one({ everyone: 'everyone', 'linked-member': 'only the member who linked Google' }),
  ],
  [
    'whenRemoved',
    'When deleted in Google',
    one({ ask: 'ask', cancel: 'cancel the appointment', 'put-back': 'put it back' }),
  ],
  [
    'appointmentsGo',
    'Where appointments go',
    one({ business: 'Business calendar', assignees: 'Each assignee’s calendar', both: 'Both' }),
  ],
  ['otherNames', 'Other names', list],
  ['webhook', 'Address', asText],
  ['types', 'Changes', list],
  ['durations', 'Lengths', (value) => (Array.isArray(value) ? value.map((each) => `${each} min`).join(', ') : '')],
  ['gapBefore', 'Gap before', minutes],
  ['gapAfter', 'Gap after', minutes],
  ['noticeMinutes', 'Minimum notice', ruleIn('min')],
  ['horizonDays', 'Bookable ahead', ruleIn('days')],
  ['memberIds', 'Who can do it', (value, context) => (value === null ? 'everyone' : people(value, context))],
  ['people', 'People needed', asText],
  ['price', 'Price', asText],
  ['description', 'Description', asText],
  ['wish', 'Wish', asText],
  ['receptionistMayBook', 'Sophiie may book', yesNo],
  ['staffEditTimeOff', 'Staff add their own time off', yesNo],
  ['active', 'Active', yesNo],
  ['outcome', 'Sophiie', one({ book: 'books it', pending: 'books it as pending', message: 'takes a message' })],
  ['workingHours', 'Working hours', (value, context) => (value ? week(value, context) : 'the opening hours')],
  ['timeOff', 'Time off', asText],
  ['repeats', 'Repeats', asText],
  ['lastDate', 'Until', asText],
  ['stepMinutes', 'Slot step', minutes],
  ['mostPerDay', 'Most appointments a day', (value) => (value === null ? 'no limit' : asText(value))],
  ['sameDayCutOff', 'Same-day cut-off', (value) => (value === null ? 'none' : asText(value))],
  ['whenGoogleUnknown', 'While Google cannot be read', one({ refuse: 'refuse', pending: 'book as pending' })],
  ['holidayRegion', 'Public holidays of', asText],
  ['scopes', 'May', list],
  ['keyMemberIds', 'Only for', people],
  ['keyServices', 'Number of services', asText],
  ['email', 'E-mail', asText],
  ['role', 'Role', asText],
  ['colour', 'Colour', asText],
  ['takenOverBy', 'Reassigned to', asText],
  ['appointments', 'Upcoming appointments', asText],
]
