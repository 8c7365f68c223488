import { errorReply } from '../../emulator/calendar/errors.ts'
import type { Model } from '../chaos/model.ts'
import { retry } from '../chaos/owner.ts'

/** Errors of Google that pass by themselves, or that the product answers with another request. */

export type Refusal = { status: number; body: unknown }

export const refusalOf = (status: number, reason: string): Refusal => {
  const { body } = errorReply({ status, reason })
  return { status, body: JSON.parse(String(body)) }
}

export const oauthRefusal: Refusal = {
  status: 400,
  body: { error: 'temporarily_unavailable', error_description: 'Try again.', error_uri: 'https://help.example/' },
}

/** What a changed reason becomes, if it is one that Google might send: a refusal for good. */
const unknownReason = 'OK'

export const appointmentsRefused = async ({ database: { sql }, fixture }: Model): Promise<string[]> => {
  const rows = await sql<{ id: string }[]>`
    select appointment_id as id from event_mappings
    where business_id = ${fixture.businessId} and rejected_revision is not null and last_error_detail = ${unknownReason}`
  return rows.map(({ id }) => id)
}

/** A person presses “Try again” at the appointments that show that reason. */
export const retryRefused = async (model: Model): Promise<void> => {
  for (const id of await appointmentsRefused(model)) await retry(model, id)
}
