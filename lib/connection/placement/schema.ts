import { z } from 'zod'

export const appointmentsGoSchema = z.object({ appointmentsGo: z.enum(['business', 'assignees', 'both']) })

/** Which calendars an appointment is in; those that are linked. */
export type AppointmentsGo = z.infer<typeof appointmentsGoSchema>['appointmentsGo']
