import type { Tx } from '#db/client.ts'
import { readServices } from '#db/queries/services.ts'
import { type Reading, startReading } from '#lib/appointments/world.ts'
import type { Opening } from '#lib/availability/opening.ts'
import type { Caller } from '../caller.ts'
import { countryOf } from '../phone.ts'
import type { Offer } from './wanted.ts'

/** What a business offers, and to whom a spoken answer belongs. */
export type Desk = Offer & {
  name: string
  zone: string
  /** Of national phone numbers; null if it is not known. */
  country: string | null
  /** The master switch. */
  mayBook: boolean
  opening: Opening
  reading: Reading
}

export const readDesk = async (tx: Tx, { businessId }: Pick<Caller, 'businessId'>): Promise<Desk> => {
  const [reading, services] = await Promise.all([startReading(tx, businessId), readServices(tx, { businessId })])
  const { business, hours } = reading
  return {
    name: business.name,
    zone: business.timeZone,
    country: countryOf(business),
    mayBook: business.receptionistMayBook,
    opening: business,
    services,
    members: hours.map(({ memberId: id, name }) => ({ id, name })),
    reading,
  }
}
