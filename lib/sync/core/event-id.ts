/** Identity: which Google event belongs to which appointment. Never by title or time. */

/** `extendedProperties.private` of every event that Sophiie inserts. */
export const markerKeys = { appointment: 'sophiieAppointmentId', business: 'sophiieBusinessId' } as const

const digits = '0123456789abcdefghijklmnopqrstuv'
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const idForm = /^[0-9a-v]{26}[0-9a-v]$/

/**
 * The UUID in lower-case base32hex (26 digits) and one digit of suffix. Derived from the
 * appointment, so that a repeated insert answers 409 instead of making a second event.
 */
export const eventIdFor = (appointmentId: string, suffix: number): string => {
  const digit = digits[suffix]
  if (!uuidForm.test(appointmentId) || digit === undefined)
    throw new RangeError(`No event id for appointment ${appointmentId}, suffix ${suffix}.`)
  let value = BigInt(`0x${appointmentId.replaceAll('-', '')}`)
  let text = ''
  for (let place = 0; place < 26; place++) {
    text = digits[Number(value & 31n)] + text
    value >>= 5n
  }
  return text + digit
}

export type ParsedEventId = { appointmentId: string; suffix: number }

/** The inverse of `eventIdFor`; null when the id has another form. */
export const parseEventId = (eventId: string): ParsedEventId | null => {
  if (!idForm.test(eventId)) return null
  const value = [...eventId.slice(0, 26)].reduce((sum, digit) => (sum << 5n) + BigInt(digits.indexOf(digit)), 0n)
  if (value >> 128n) return null
  const hex = value.toString(16).padStart(32, '0')
  const appointmentId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { appointmentId, suffix: digits.indexOf(eventId[26] ?? '') }
}

/**
 * The last of the 32 suffixes; an appointment that needs one more is refused with `ids-used-up`.
 */
export const lastSuffix = digits.length - 1

/** The mappings of an appointment in other calendars; `mayExist`: its event exists or may exist. */
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

/** The appointment of an event whose id and marker agree and whose marker names this business. */
export const claimedAppointment = (
  event: { id: string; privateProperties: Record<string, string> },
  businessId: string,
): ParsedEventId | null => {
  const parsed = parseEventId(event.id)
  if (!parsed || event.privateProperties[markerKeys.appointment] !== parsed.appointmentId) return null
  return event.privateProperties[markerKeys.business] === businessId ? parsed : null
}
