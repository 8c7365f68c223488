import 'server-only'
import { cache } from 'react'
import { z } from 'zod'
import { readMembers } from '#db/queries/members.ts'
import {
  countOpenMessages,
  type MessageRow,
  readDoneMessages,
  readOpenMessages,
} from '#db/queries/receptionist/messages.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requireViewer } from '#lib/auth/viewer.ts'
import type { Message } from './schema.ts'

const mostOpen = 200
const donePerPage = 10

export type MessagesPage = {
  businessId: string
  open: Message[]
  done: Message[]
  /** `done` of the next page; null at the end. */
  next: string | null
}

/** The messages of callers: all that are open, and a page of those that are done. */
export const messagesPage = async ({ done: given }: { done?: string }): Promise<MessagesPage> => {
  const { businessId } = await requireViewer()
  const db = tenantDbOf({ businessId })
  const before = z.iso.datetime().safeParse(given).data
  const [open, done, members] = await Promise.all([
    readOpenMessages(db, { businessId, limit: mostOpen }),
    readDoneMessages(db, { businessId, before, limit: donePerPage + 1 }),
    readMembers(db, businessId),
  ])
  const names = new Map(members.map(({ id, name }) => [id, name]))
  const nameOf = (id: string | null) => (id && names.get(id)) || 'a former member'
  const shown = done.slice(0, donePerPage)
  return {
    businessId,
    open: open.map((row) => toMessage(row, nameOf)),
    done: shown.map((row) => toMessage(row, nameOf)),
    next: done.length > donePerPage ? (shown.at(-1)?.doneAt ?? null) : null,
  }
}

const toMessage = (row: MessageRow, nameOf: (id: string | null) => string): Message => {
  const { createdAt: at, doneAt, doneBy, ...message } = row
  return { ...message, at, done: doneAt ? { at: doneAt, by: nameOf(doneBy) } : null }
}

/** How many wait for a person. Read once per request. */
export const openMessageCount = cache(async (): Promise<number> => {
  const { businessId } = await requireViewer()
  return await countOpenMessages(tenantDbOf({ businessId }), businessId)
})
