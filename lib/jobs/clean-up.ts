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
export const cleanUp = ({ db }: Database): Promise<unknown> =>
  db.transaction((tx) =>
    // Sent together, so that six statements that mostly delete nothing take one round trip.
    Promise.all([
      deleteOldIdempotencyKeys(tx),
      deleteOldApiRequests(tx),
      deleteOldDeliveries(tx),
      deleteOldLeases(tx),
      deleteOldTestAppointments(tx),
      deleteOldSeriesOperations(tx),
    ]),
  )
