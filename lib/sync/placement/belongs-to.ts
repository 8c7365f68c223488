import type { AppointmentsGo } from '#db/schema/business.ts'

/** Which of the linked calendars of a business are to have the event of an appointment. */

/** A linked appointments calendar; `memberId` null = that of the business. */
export type AppointmentsCalendar = { id: string; memberId: string | null }

export type PlacementRules = { appointmentsGo: AppointmentsGo; calendars: readonly AppointmentsCalendar[] }

/** The same rule as `calendars_of_appointment` in the migrations, which is for many at once. */
export const belongsTo = (
  assigneeIds: readonly string[],
  { appointmentsGo, calendars }: PlacementRules,
): AppointmentsCalendar[] => {
  const owners = new Set(calendars.map(({ memberId }) => memberId))
  const allHaveOne = assigneeIds.length > 0 && assigneeIds.every((id) => owners.has(id))
  return calendars.filter(({ memberId }) => {
    if (memberId !== null) return appointmentsGo !== 'business' && assigneeIds.includes(memberId)
    return appointmentsGo !== 'assignees' || !allHaveOne
  })
}

/**
 * The assignees whom Sophiie invites to the event in a calendar. Those who have the appointment in
 * a calendar of their own are not, and events in members' calendars have no guests of ours.
 */
export const invitedTo = (
  calendar: Pick<AppointmentsCalendar, 'memberId'>,
  assigneeIds: readonly string[],
  { appointmentsGo, calendars }: PlacementRules,
): string[] => {
  if (calendar.memberId !== null) return []
  if (appointmentsGo === 'business') return [...assigneeIds]
  return assigneeIds.filter((id) => !calendars.some(({ memberId }) => memberId === id))
}
