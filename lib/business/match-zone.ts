import { isTimeZone } from './schema.ts'

const normalized = (value: string) => value.trim().toLowerCase().replaceAll(' ', '_')

/** The IANA zone for input in any case, with spaces, or the city alone. Null if it is ambiguous. */
export const matchZone = (typed: string): string | null => {
  const wanted = normalized(typed)
  if (wanted === '') return null
  const zones = Intl.supportedValuesOf('timeZone')
  const same = zones.find((zone) => normalized(zone) === wanted)
  if (same) return same
  if (isTimeZone(typed.trim())) return typed.trim()
  const cities = zones.filter((zone) => normalized(zone).endsWith(`/${wanted}`))
  return cities.length === 1 ? (cities[0] ?? null) : null
}
