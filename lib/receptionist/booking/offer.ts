import type { Tx } from '#db/client.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readMembers } from '#db/queries/members.ts'
import { readServices } from '#db/queries/services.ts'
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
}

export const readDesk = async (tx: Tx, { businessId }: Pick<Caller, 'businessId'>): Promise<Desk> => {
  const [business, services, members] = await Promise.all([
    readBusiness(tx, businessId),
    readServices(tx, { businessId }),
    readMembers(tx, businessId),
  ])
  if (!business) throw new Error('The business of a key is gone.')
  return {
    name: business.name,
    zone: business.timeZone,
    country: countryOf(business),
    mayBook: business.receptionistMayBook,
    opening: business,
    services,
    members: members.filter(({ active }) => active).map(({ id, name }) => ({ id, name })),
  }
}
