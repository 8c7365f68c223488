/** Which Google event is whose. Never by title or time. */

/** `extendedProperties.private` of every copy. */
export const markerKeys = { appointment: 'sophiieAppointmentId', business: 'sophiieBusinessId' } as const

const digits = '0123456789abcdefghijklmnopqrstuv'
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const idForm = /^[0-9a-v]{26}[0-9a-v]$/

/** Lower-case base32hex of the UUID (26 digits) and one epoch digit: the same push twice is one event. */
export const eventIdFor = (appointmentId: string, epoch: number): string => {
  const digit = digits[epoch]
  if (!uuidForm.test(appointmentId) || digit === undefined)
    throw new RangeError(`No event id for appointment ${appointmentId}, epoch ${epoch}.`)
  let value = BigInt(`0x${appointmentId.replaceAll('-', '')}`)
  let text = ''
  for (let place = 0; place < 26; place++) {
    text = digits[Number(value & 31n)] + text
    value >>= 5n
  }
  return text + digit
}

/** The appointment and epoch that an event id would stand for; null when it has another form. */
export const parseEventId = (eventId: string): { appointmentId: string; epoch: number } | null => {
  if (!idForm.test(eventId)) return null
  const value = [...eventId.slice(0, 26)].reduce(
    (sum, digit) => (sum << 5n) + BigInt(digits.indexOf(digit)),
    0n,
  )
  if (value >> 128n) return null
  const hex = value.toString(16).padStart(32, '0')
  const appointmentId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { appointmentId, epoch: digits.indexOf(eventId[26] ?? '') }
}

/** How many epochs an id has before pushing it becomes a matter for people. */
export const lastSuffix = digits.length - 1

/** The copies of an appointment in other calendars. */
type Elsewhere = { epoch: number; lives: boolean }[]

/** The first epoch from `from` on that is free to be used in one more calendar; null when all are used up. */
export const freeSuffix = (elsewhere: Elsewhere, from: number): number | null => {
  for (let epoch = from; epoch <= lastSuffix; epoch++) {
    const lives = elsewhere.some((mapping) => mapping.lives && mapping.epoch === epoch)
    if (!lives && !isGivenUp(elsewhere, epoch)) return epoch
  }
  return null
}

/** No copy has it any more, and one has a later one: an event under it is people's own, wherever they moved it. */
export const isGivenUp = (elsewhere: Elsewhere, epoch: number): boolean =>
  elsewhere.every((mapping) => mapping.epoch !== epoch) && elsewhere.some((mapping) => mapping.epoch > epoch)

/** The appointment an event claims to mirror: form of the id and marker must agree, and the business be ours. */
export const claimedAppointment = (
  event: { id: string; privateProperties: Record<string, string> },
  businessId: string,
): { appointmentId: string; epoch: number } | null => {
  const read = parseEventId(event.id)
  if (!read || event.privateProperties[markerKeys.appointment] !== read.appointmentId) return null
  return event.privateProperties[markerKeys.business] === businessId ? read : null
}
