import { sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'

export type CustomerRow = { name: string; phone: string; email: string; location: string }

/**
 * Customers whose name, or a word of it, starts with `text`, each as last booked; the latest first.
 * `since` (an instant) bounds the scan of the index `appointments_by_end`.
 */
export const readCustomers = async (
  db: Db | Tx,
  search: { businessId: BusinessId; text: string; since: string; limit: number },
): Promise<CustomerRow[]> => {
  const begin = search.text.replace(/[\\%_]/g, '\\$&')
  return await db.execute<CustomerRow>(sql`
    select name, phone, email, location from (
      select distinct on (lower(customer_name)) customer_name as name, customer_phone as phone,
        customer_email as email, location, starts_at
      from appointments
      where business_id = ${search.businessId} and ends_at > ${search.since}::timestamptz
        and (customer_name ilike ${`${begin}%`} or customer_name ilike ${`% ${begin}%`})
      order by lower(customer_name), starts_at desc
    ) as latest
    order by starts_at desc limit ${search.limit}`)
}
