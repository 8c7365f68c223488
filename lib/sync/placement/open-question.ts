import type { Tx } from '#db/client.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import { isRemovedElsewhere } from '#db/queries/mappings/placement.ts'
import type { Mapping } from '../mapping.ts'

/**
 * Since when people are asked about a removal, once the event of `mapping` exists or has ended: the
 * question is over unless the appointment's event in another calendar is removed as well.
 */
export const openQuestion = async (
  tx: Tx,
  { removedInGoogleAt }: AppointmentRow,
  mapping: Mapping,
): Promise<string | null> =>
  removedInGoogleAt !== null && (await isRemovedElsewhere(tx, mapping)) ? removedInGoogleAt : null
