import { isTimeZone } from './schema.ts'

const plain = (value: string) => value.trim().toLowerCase().replaceAll(' ', '_')

/** The IANA zone that somebody means: any case, spaces for underscores, or the city alone. Null when it is unclear. */
export const matchZone = (typed: string): string | null => {
  const wanted = plain(typed)
  if (wanted === '') return null
  const zones = Intl.supportedValuesOf('timeZone')
  const same = zones.find((zone) => plain(zone) === wanted)
  if (same) return same
  if (isTimeZone(typed.trim())) return typed.trim()
  const cities = zones.filter((zone) => plain(zone).endsWith(`/${wanted}`))
  return cities.length === 1 ? (cities[0] ?? null) : null
}
