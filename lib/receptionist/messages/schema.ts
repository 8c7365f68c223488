import { z } from 'zod'

export type Message = {
  id: string
  name: string
  /** E.164, or as the caller gave it. */
  phone: string
  wish: string
  service: string | null
  callId: string | null
  at: string
  done: { at: string; by: string } | null
}

/** `businessId`: of the page, refused if another one was chosen since. */
export const setMessageDoneSchema = z.object({ businessId: z.uuid(), id: z.uuid(), done: z.boolean() })

export type MessageRefusal = 'signed-out' | 'invalid' | 'other-business' | 'not-found'
