import type { Command } from '../chaos/commands.ts'
import type { TeamCommand } from '../chaos/team/commands.ts'
import { bookMany, type Point, sync } from './points.ts'

/** Requests after which the process is killed, with appointments in several calendars. */

export type TeamPoint = Omit<Point, 'before' | 'during'> & {
  before: (Command | OfTeam)[]
  during: (Command | OfTeam)[]
  /** Whose appointments calendar the request is for. */
  in: 'the business' | 'Olive' | 'Mia' | 'Ben'
}

/** A command of the other model. */
export type OfTeam = { do: 'of-team'; command: TeamCommand }
const ofTeam = (command: TeamCommand): OfTeam => ({ do: 'of-team', command })

/** A bit each, as in commands of a team. */
const [mia, ben] = [2, 4]
/** In the order of the calendars of a team. */
const calendarOfMia = 3

const slot = { day: 5, hour: 1, minutes: 60 }
const book = (assignees: number) => ofTeam({ do: 'book', slot, assignees })
const reassign = (assignees: number) => ofTeam({ do: 'reassign', which: 0, assignees })
const cancel = ofTeam({ do: 'cancel', which: 0 })
const inGoogleOfMia: Command | OfTeam = ofTeam({
  ...{ do: 'change-mapped', calendar: calendarOfMia, which: 0 },
  ...{ fields: ['title', 'times'], slot: { ...slot, day: 30 } },
})
const removedByMia = ofTeam({ do: 'remove-mapped', calendar: calendarOfMia, which: 0 })
const go = (to: 'assignees' | 'business') => ofTeam({ do: 'appointments-go', to })
const later: Command = { do: 'pass-time', hours: 7 }
const own = (what: 'remove-own' | 'choose-own') => ofTeam({ do: what, member: 2 })
/** From Mia to Olive. */
const reassignMany: Command = { do: 'edit-many', fields: ['assignees'], assignees: 2 }

const inEach = (name: string, point: Omit<TeamPoint, 'in' | 'count'>): Record<string, TeamPoint> =>
  Object.fromEntries(
    (['the business', 'Mia', 'Ben'] as const).map((each) => [
      `${name} in the calendar of ${each}`,
      { ...point, in: each, count: 1 },
    ]),
  )

const reassigned = { before: [book(mia), sync], during: [reassign(ben)], count: 1 }
/** Nine, in one batch. */
const reassignedMany = { before: [bookMany, sync], during: [reassignMany] }
const changed = { before: [book(mia | ben), sync, later], during: [inGoogleOfMia], count: 1 }

export const teamPoints: Record<string, TeamPoint> = {
  ...inEach('booked, the insert', {
    ...{ before: [sync], during: [book(mia | ben)], operation: 'events.insert' },
  }),
  ...inEach('cancelled, the delete', {
    ...{ before: [book(mia | ben), sync], during: [cancel], operation: 'events.delete' },
  }),
  'reassigned from Mia to Ben, the insert': { ...reassigned, operation: 'events.insert', in: 'Ben' },
  'reassigned from Mia to Ben, the delete': { ...reassigned, operation: 'events.delete', in: 'Mia' },
  'reassigned and back, the insert': {
    ...{ before: [book(mia), sync, reassign(ben), sync], during: [reassign(mia)] },
    ...{ operation: 'events.insert', count: 1, in: 'Mia' },
  },
  'reassigned and cancelled before a run, the delete': {
    ...{ before: [book(mia), sync], during: [reassign(ben), cancel] },
    ...{ operation: 'events.delete', count: 1, in: 'Mia' },
  },
  'many reassigned, in the middle of the batch of inserts': {
    ...{ ...reassignedMany, operation: 'events.insert', count: 5, in: 'Olive' },
  },
  'many reassigned, the batch of inserts, before its answer': {
    ...{ ...reassignedMany, operation: 'events.insert', count: 9, in: 'Olive' },
  },
  'many reassigned, in the middle of the batch of deletions': {
    ...{ ...reassignedMany, operation: 'events.delete', count: 5, in: 'Mia' },
  },
  'many reassigned, the batch of deletions, before its answer': {
    ...{ ...reassignedMany, operation: 'events.delete', count: 9, in: 'Mia' },
  },
  'changed in Mia’s calendar, the list of it': { ...changed, operation: 'events.list', in: 'Mia' },
  'changed in Mia’s calendar, the patch of the business’s': {
    ...{ ...changed, operation: 'events.patch', in: 'the business' },
  },
  'changed in Mia’s calendar, the patch of Ben’s': { ...changed, operation: 'events.patch', in: 'Ben' },
  'removed by Mia and put back, the insert': {
    before: [book(mia | ben), sync, removedByMia, later, sync],
    during: [ofTeam({ do: 'put-back', which: 0 })],
    ...{ operation: 'events.insert', count: 1, in: 'Mia' },
  },
  'to the assignees alone, the delete': {
    ...{ before: [book(mia), book(ben), sync], during: [go('assignees')] },
    ...{ operation: 'events.delete', count: 2, in: 'the business' },
  },
  'to the business alone, the delete': {
    ...{ before: [book(mia), book(ben), sync], during: [go('business')] },
    ...{ operation: 'events.delete', count: 1, in: 'Ben' },
  },
  'Ben links his calendar again, the first list': {
    ...{ before: [book(ben), sync, own('remove-own'), sync], during: [own('choose-own')] },
    ...{ operation: 'events.list', count: 1, in: 'Ben' },
  },
}
