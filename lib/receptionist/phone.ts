import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** E.164, or null if it is no phone number. National numbers are of `country`. */
export const parsePhone = (text: string, country: string | null): string | null => {
  if (/[a-z]/i.test(text)) return null
  const parsed = parsePhoneNumberFromString(text, isCountry(country) ? country : undefined)
  return parsed?.isPossible() ? parsed.number : null
}

const isCountry = (country: string | null): country is CountryCode => country !== null && isSupportedCountry(country)

/** Whether both are the same number, however each was typed. */
export const isSamePhone = (a: string, b: string, country: string | null): boolean => {
  const [one, other] = [parsePhone(a, country), parsePhone(b, country)]
  return one !== null && other !== null ? one === other : digitsOf(a) !== '' && digitsOf(a) === digitsOf(b)
}

export const digitsOf = (text: string) => text.replace(/\D/g, '')

/** The country of a business: that of its public holidays, or of its time zone. */
export const countryOf = ({ holidayRegion, timeZone }: { holidayRegion: string | null; timeZone: string }) =>
  holidayRegion?.slice(0, 2) ?? countryOfZone(timeZone)

const countryOfZone = (zone: string): string | null => {
  const [area, city = ''] = zone.split('/')
  if (area === 'Australia') return 'AU'
  return countries[city] ?? null
}

/** Zones of the countries that the product is sold in first; others choose a holiday region. */
const countries: Readonly<Record<string, string>> = {
  ...{ Auckland: 'NZ', Chatham: 'NZ', London: 'GB', Belfast: 'GB', Dublin: 'IE', Berlin: 'DE', Paris: 'FR' },
  ...{ Madrid: 'ES', Rome: 'IT', Amsterdam: 'NL', Brussels: 'BE', Vienna: 'AT', Zurich: 'CH', Lisbon: 'PT' },
  ...{ Stockholm: 'SE', Oslo: 'NO', Copenhagen: 'DK', Helsinki: 'FI', Warsaw: 'PL', Prague: 'CZ' },
  ...{ New_York: 'US', Chicago: 'US', Denver: 'US', Phoenix: 'US', Los_Angeles: 'US', Anchorage: 'US', Honolulu: 'US' },
  ...{ Detroit: 'US', Boise: 'US', Toronto: 'CA', Vancouver: 'CA', Edmonton: 'CA', Winnipeg: 'CA', Halifax: 'CA' },
  ...{ Singapore: 'SG', Hong_Kong: 'HK', Tokyo: 'JP', Kolkata: 'IN', Kathmandu: 'NP', Johannesburg: 'ZA' },
}
