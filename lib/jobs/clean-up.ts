import type { Database } from '#db/client.ts'
import {
  deleteOldApiRequests,
  deleteOldDeliveries,
  deleteOldIdempotencyKeys,
  deleteOldLeases,
} from '#db/queries/jobs/cleanup.ts'
import { deleteOldTestAppointments } from '#db/queries/receptionist/test-appointments.ts'
import { deleteOldSeriesOperations } from '#db/queries/series/planning.ts'

/** Deletes what is kept for some time only, a bounded number of rows at each tick. */
export const cleanUp = async ({ db }: Database): Promise<void> => {
  await deleteOldIdempotencyKeys(db)
  await deleteOldApiRequests(db)
  await deleteOldDeliveries(db)
  await deleteOldLeases(db)
  await deleteOldTestAppointments(db)
  await deleteOldSeriesOperations(db)
}
