import type { Command, Slot } from '../chaos/commands.ts'

/** Requests of a sync run after which its process is killed, with one calendar of the business. */

const slot = (day: number): Slot => ({ day, hour: 1, minutes: 60 })
const book = (day: number): Command => ({ do: 'book', slot: slot(day), assignees: day % 4 })
export const bookMany: Command = { do: 'book-many', slot: slot(1), assignees: 1 }
export const sync: Command = { do: 'sync', mode: 'once', during: [], crash: null }
const privateLife: Command[] = [
  { do: 'create', kind: 'timed', slot: slot(40), rule: 0, elsewhere: false },
  { do: 'create', kind: 'series', slot: slot(41), rule: 1, elsewhere: false },
  { do: 'create', kind: 'all-day', slot: slot(60), rule: 0, elsewhere: false },
]
const changeMapped = (fields: ('title' | 'times' | 'location')[]): Command => ({
  do: 'change-mapped',
  which: 0,
  fields,
  slot: slot(30),
  allDay: false,
})

/** The process is killed at the `count`th request of the operation while it works on `during`. */
export type Point = { before: Command[]; during: Command[]; operation: string; count: number }

export const points: Record<string, Point> = {
  'import, after the first page': {
    before: [{ do: 'switch', change: { itemsPerPage: 1 } }, ...privateLife],
    during: [],
    operation: 'events.list',
    count: 1,
  },
  'import, between later pages': {
    before: [{ do: 'switch', change: { itemsPerPage: 1, exceptionsFirst: true } }, ...privateLife],
    during: [{ do: 'change-instance', which: 0, nth: 2, scope: 'this', slot: slot(70), retitle: false }],
    operation: 'events.list',
    count: 3,
  },
  'push, an insert': { before: [sync], during: [book(1), book(2)], operation: 'events.insert', count: 1 },
  'push, the last insert of several': {
    before: [sync],
    during: [1, 2, 3, 4, 5].map(book),
    operation: 'events.insert',
    count: 5,
  },
  'push, a batch of inserts, before its answer': {
    before: [sync],
    during: [bookMany],
    operation: 'batch',
    count: 1,
  },
  'push, a batch of inserts, in the middle of it': {
    before: [sync],
    during: [bookMany],
    operation: 'events.insert',
    count: 5,
  },
  'push, a batch of changes': {
    before: [bookMany, sync],
    during: [{ do: 'edit-many', fields: ['title', 'notes', 'assignees'], assignees: 1 }],
    operation: 'batch',
    count: 1,
  },
  'push, a batch of deletions': {
    before: [bookMany, sync],
    during: [{ do: 'cancel-many' }],
    operation: 'batch',
    count: 1,
  },
  'push, a patch': {
    before: [book(1), sync],
    during: [{ do: 'edit', which: 0, fields: ['title', 'notes', 'assignees'], assignees: 3 }],
    operation: 'events.patch',
    count: 1,
  },
  'push, a patch that overwrites an edit in Google': {
    before: [book(1), sync],
    during: [changeMapped(['title', 'location']), { do: 'edit', which: 0, fields: ['title'], assignees: 1 }],
    operation: 'events.patch',
    count: 2,
  },
  'push, a delete': {
    before: [book(1), book(2), sync],
    during: [{ do: 'cancel', which: 0 }],
    operation: 'events.delete',
    count: 1,
  },
  'push, the insert of an appointment that is put back': {
    before: [book(1), sync, { do: 'remove-mapped', which: 0 }, sync],
    during: [{ do: 'put-back', which: 0 }],
    operation: 'events.insert',
    count: 1,
  },
  'an event became a series, the read of its first instance': {
    before: [book(1), sync],
    during: [{ do: 'make-recurring', which: 0, rule: 1 }, changeMapped(['title']), { do: 'sync-now' }],
    operation: 'events.get',
    count: 2,
  },
  'an event became a series, a patch of its first instance': {
    before: [book(1), sync, { do: 'make-recurring', which: 0, rule: 1 }, sync],
    during: [{ do: 'edit', which: 0, fields: ['title', 'notes'], assignees: 1 }],
    operation: 'events.patch',
    count: 1,
  },
  'an event became a series, the delete of its first instance': {
    before: [book(1), sync, { do: 'make-recurring', which: 0, rule: 1 }, sync],
    during: [{ do: 'cancel', which: 0 }],
    operation: 'events.delete',
    count: 1,
  },
  'a new channel': { before: [], during: privateLife, operation: 'events.watch', count: 1 },
  'a new access token': {
    before: [book(1), sync, { do: 'pass-time', hours: 7 }],
    during: [changeMapped(['times'])],
    operation: 'oauth.token',
    count: 1,
  },
  'change of calendar, an insert into the new one': {
    before: [book(1), book(2), book(3), ...privateLife, sync],
    during: [{ do: 'choose', calendar: 2 }],
    operation: 'events.insert',
    count: 2,
  },
  'change of calendar, a delete from the old one': {
    before: [book(1), book(2), book(3), ...privateLife, sync],
    during: [{ do: 'choose', calendar: 2 }],
    operation: 'events.delete',
    count: 2,
  },
  'relink, the first page': {
    before: [book(1), book(2), ...privateLife, sync, { do: 'unlink' }, changeMapped(['times'])],
    during: [{ do: 'link', account: 1, calendar: 0 }],
    operation: 'events.list',
    count: 1,
  },
  'relink, a patch of an adopted event': {
    before: [book(1), book(2), sync, { do: 'unlink' }, { do: 'edit', which: 0, fields: ['title'], assignees: 1 }],
    during: [{ do: 'link', account: 1, calendar: 1 }],
    operation: 'events.patch',
    count: 1,
  },
}
