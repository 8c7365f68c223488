import type { ServiceRow } from '#db/queries/services.ts'
import { minuteMs } from '#lib/availability/world.ts'
import { type Refused, refuse } from '../answer.ts'
import type { Caller } from '../caller.ts'
import { sayList, sayMinutes } from '../say/when.ts'
import { wordsOf } from '../words.ts'

/** What an appointment needs, resolved from what a caller said. */
export type Wanted = {
  /** Null: a length without a service. */
  service: ServiceRow | null
  minutes: number
  /** Asked for by name; empty means any. */
  memberIds: string[]
  /** Who may take it, in the order of the team. */
  candidateIds: string[]
}

export const lengthMs = ({ minutes }: Pick<Wanted, 'minutes'>) => minutes * minuteMs

export type Offer = {
  /** Not deleted. */
  services: readonly ServiceRow[]
  /** Active, in the order of the team. */
  members: readonly { id: string; name: string }[]
}

export type Said = { service?: string; duration?: number; member?: string }

type Limits = Pick<Caller, 'serviceIds' | 'memberIds'>

export const resolveWanted = (said: Said, offer: Offer, limits: Limits): ({ ok: true } & Wanted) | Refused => {
  const service = said.service === undefined ? null : findService(said.service, offer, limits)
  if (service && 'code' in service) return service
  if (!service && limits.serviceIds)
    return refuse('forbidden', 'This key may only book its services. Name one of them.')
  const minutes = said.duration ?? service?.durations[0]
  if (minutes === undefined) return refuse('invalid', 'Which service, or how long?', { fields: { service: missing } })
  if (service && !service.durations.includes(minutes)) {
    const lengths = sayList(service.durations.map(sayMinutes))
    return refuse('duration-not-offered', `${service.name} takes ${lengths}.`)
  }
  const isAny = said.member === undefined || said.member.trim().toLowerCase() === 'any'
  const member = isAny ? null : findMember(said.member ?? '', offer, limits)
  if (member && 'code' in member) return member
  const candidateIds = offer.members
    .map(({ id }) => id)
    .filter((id) => (service?.memberIds?.includes(id) ?? true) && (limits.memberIds?.includes(id) ?? true))
  return { ok: true, service, minutes, memberIds: member ? [member.id] : [], candidateIds }
}

const missing = 'Give a service or a duration.'

const findService = (said: string, { services }: Offer, { serviceIds }: Limits): ServiceRow | Refused => {
  const offered = services.filter(({ active }) => active)
  const found = matching(said, offered, ({ name, otherNames }) => [name, ...otherNames])
  const [service] = found
  if (!service) {
    const names = sayList(offered.filter(({ id }) => serviceIds?.includes(id) ?? true).map(({ name }) => name))
    return refuse('unknown-service', names ? `We don’t offer that. We offer ${names}.` : 'We don’t offer that.')
  }
  if (found.length > 1) return refuse('unknown-service', `Which one: ${sayList(found.map(({ name }) => name))}?`)
  if (serviceIds && !serviceIds.includes(service.id))
    return refuse('forbidden', `This key may not book ${service.name}.`)
  return service
}

const findMember = (said: string, { members }: Offer, { memberIds }: Limits): Offer['members'][number] | Refused => {
  const found = matching(said, members, ({ name }) => [name])
  const [member] = found
  if (!member) {
    const names = sayList(members.filter(({ id }) => memberIds?.includes(id) ?? true).map(({ name }) => name))
    return refuse('unknown-member', `Nobody of that name works here. There is ${names}.`)
  }
  if (found.length > 1) return refuse('unknown-member', `Which one: ${sayList(found.map(({ name }) => name))}?`)
  if (memberIds && !memberIds.includes(member.id)) return refuse('forbidden', `This key may not book ${member.name}.`)
  return member
}

/** By id, else by whole name, else by each word of the caller. */
const matching = <T extends { id: string }>(said: string, among: readonly T[], namesOf: (each: T) => string[]): T[] => {
  const wanted = wordsOf(said)
  const byId = among.filter(({ id }) => id === said.trim())
  if (byId.length > 0) return byId
  const whole = among.filter((each) => namesOf(each).some((name) => wordsOf(name).join(' ') === wanted.join(' ')))
  if (whole.length > 0) return whole
  if (wanted.length === 0) return []
  return among.filter((each) => namesOf(each).some((name) => wanted.every((word) => wordsOf(name).includes(word))))
}
