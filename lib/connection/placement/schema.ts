import { z } from 'zod'

export const appointmentsGoSchema = z.object({ appointmentsGo: z.enum(['business', 'assignees', 'both']) })
