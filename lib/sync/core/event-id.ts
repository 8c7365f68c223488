import { seriesIdOf } from '#lib/recurrence/instance-id.ts'

/** Identity: which Google event belongs to which appointment. Never by title or time. */

/** `extendedProperties.private` of every event that Sophiie inserts. */
export const markerKeys = { appointment: 'sophiieAppointmentId', business: 'sophiieBusinessId' } as const

export const digits = '0123456789abcdefghijklmnopqrstuv'
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const idForm = /^[0-9a-v]{26}[0-9a-v](?:[0-9a-v]{8})?$/

/** The tail of an id that was made by `eventIdFor`, of a series also by its instance. */
export const tailOf = (eventId: string): string => seriesIdOf(eventId).slice(27)

/**
 * The UUID in lower-case base32hex (26 digits), one digit of suffix and the tail. Derived from the
 * appointment, so that a repeated insert answers 409 instead of making a second event.
 */
export const eventIdFor = (appointmentId: string, suffix: number, tail = ''): string => {
  const digit = digits[suffix]
  if (!uuidForm.test(appointmentId) || digit === undefined)
    throw new RangeError(`No event id for appointment ${appointmentId}, suffix ${suffix}.`)
  let value = BigInt(`0x${appointmentId.replaceAll('-', '')}`)
  let text = ''
  for (let place = 0; place < 26; place++) {
    text = digits[Number(value & 31n)] + text
    value >>= 5n
  }
  return text + digit + tail
}

/** `tail`: of an id in a member's calendar. */
export type ParsedEventId = { appointmentId: string; suffix: number; tail?: string }

/** The inverse of `eventIdFor`; null when the id has another form. */
export const parseEventId = (eventId: string): ParsedEventId | null => {
  if (!idForm.test(eventId)) return null
  const value = [...eventId.slice(0, 26)].reduce((sum, digit) => (sum << 5n) + BigInt(digits.indexOf(digit)), 0n)
  if (value >> 128n) return null
  const hex = value.toString(16).padStart(32, '0')
  const appointmentId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const tail = eventId.slice(27)
  return { appointmentId, suffix: digits.indexOf(eventId[26] ?? ''), ...(tail && { tail }) }
}

/**
 * The last of the 32 suffixes; an appointment that needs one more is refused with `ids-used-up`.
 */
export const lastSuffix = digits.length - 1

/**
 * The mappings of an appointment in other calendars whose ids have the same tail; `mayExist`: its
 * event exists or may exist.
 */
type OtherMappings = { suffix: number; mayExist: boolean }[]

/** The first suffix from `from` on that one more calendar may use; null when all are used up. */
export const freeSuffix = (others: OtherMappings, from: number): number | null => {
  for (let suffix = from; suffix <= lastSuffix; suffix++) {
    const isUsed = others.some((mapping) => mapping.mayExist && mapping.suffix === suffix)
    if (!isUsed && !isSuperseded(others, suffix)) return suffix
  }
  return null
}

/**
 * No mapping has this suffix any more and one has a later one: an event under it is a person's own,
 * whichever calendar they moved it to.
 */
export const isSuperseded = (others: OtherMappings, suffix: number): boolean =>
  others.every((mapping) => mapping.suffix !== suffix) && others.some((mapping) => mapping.suffix > suffix)

/**
 * The appointment of an event whose id and marker agree and whose marker names this business. An id
 * with the tail of another calendar is that of an event which people copied or moved here.
 */
export const claimedAppointment = (
  event: { id: string; privateProperties: Record<string, string> },
  businessId: string,
  tail = '',
): ParsedEventId | null => {
  const parsed = parseEventId(event.id)
  if (!parsed || (parsed.tail ?? '') !== tail) return null
  if (event.privateProperties[markerKeys.appointment] !== parsed.appointmentId) return null
  return event.privateProperties[markerKeys.business] === businessId ? parsed : null
}
