import { formOf } from '../steps/actions.ts'
import { type Other, secret, theirVisit } from '../steps/tenants.ts'

/** Every action, with the ids of another business. One that is missing here fails the test. */

export type Walk = {
  /** Required access: `person` needs a session but no business. */
  for: 'owner' | 'member' | 'person' | 'anyone'
  args: (other: Other) => unknown[]
}

export const fields = (other: Other) => ({
  title: 'Mine',
  start: new Date(Date.now() + 24.2 * 3_600_000).toISOString(),
  end: new Date(Date.now() + 24.4 * 3_600_000).toISOString(),
  assigneeIds: [other.memberId],
})
export const target = ({ appointmentId }: Other) => ({ id: appointmentId, revision: 1 })

const timeOff = {
  ...{ startsAt: '2026-01-01T00:00', endsAt: '2026-12-31T00:00' },
  ...{ repeats: 'never', lastDate: null, reason: '' },
}

const webhook = ({ businessId, webhookId }: Other) => ({ businessId, id: webhookId })

const repeat = { every: 1, unit: 'week', ends: { after: 3 } }
const visitOf = ({ seriesId, appointmentId }: Other) => ({ seriesId, appointmentId })

export const actions: Record<string, Walk> = {
  'activity#historyOfAppointment': { for: 'member', args: ({ appointmentId }) => [{ appointmentId }] },
  'appointments#changeAppointment': {
    for: 'member',
    args: (other) => [{ kind: 'edit', ...target(other), fields: fields(other) }],
  },
  'appointments#findTimes': {
    for: 'member',
    args: ({ memberId, appointmentId }) => [
      { minutes: 60, assigneeIds: [memberId], from: new Date().toISOString(), exceptId: appointmentId },
    ],
  },
  'auth#continueWithGoogle': { for: 'anyone', args: () => [formOf({ callbackUrl: 'https://evil.example' })] },
  'auth#emailSignInLink': { for: 'anyone', args: () => [{}, formOf({ email: 'x' })] },
  'auth#signInByLink': { for: 'anyone', args: ({ token }) => [formOf({ token })] },
  'auth#signOut': { for: 'anyone', args: () => [] },
  'auth#signOutEverywhere': { for: 'anyone', args: () => [] },
  'auth#signOutTo': { for: 'anyone', args: () => [formOf({ path: '//evil.example' })] },
  'auth#switchBusiness': { for: 'person', args: ({ businessId }) => [businessId] },
  'business#deleteBusiness': { for: 'owner', args: () => [{ name: secret }] },
  'business#submitWelcome': { for: 'person', args: () => [{}, formOf({ name: '' })] },
  'business#saveBusiness': {
    for: 'owner',
    args: ({ businessId }) => [{ businessId, changes: { name: 'Mine' } }],
  },
  'connection#approveBulkDeletion': { for: 'owner', args: () => [] },
  'connection#saveBusinessBusyCalendars': {
    for: 'owner',
    args: ({ memberId, syncedCalendarId }) => [
      { calendars: [{ calendarId: syncedCalendarId, blocksMemberIds: [memberId] }] },
    ],
  },
  'connection#retryAppointment': { for: 'owner', args: ({ appointmentId }) => [{ appointmentId }] },
  'connection#saveCalendar': { for: 'owner', args: () => [{ calendarId: 'c' }] },
  'connection#syncNow': { for: 'owner', args: () => [] },
  'connection#unlinkGoogle': { for: 'owner', args: () => [] },
  'connection/mine#approveMyBulkDeletion': { for: 'member', args: () => [] },
  'connection/mine#removeMyCalendar': { for: 'member', args: () => [] },
  'connection/mine#retryMyAppointment': { for: 'member', args: ({ appointmentId }) => [{ appointmentId }] },
  'connection/mine#saveMyCalendar': {
    for: 'member',
    args: ({ memberId, syncedCalendarId }) => [{ memberId, calendarId: syncedCalendarId }],
  },
  'connection/mine#saveMyCalendars': {
    for: 'member',
    args: ({ memberId, syncedCalendarId }) => [{ memberId, calendarIds: ['c', syncedCalendarId] }],
  },
  'connection/mine#syncMyCalendars': { for: 'member', args: () => [] },
  'connection/mine#unlinkMyGoogle': { for: 'member', args: () => [] },
  'connection/team#askMember': { for: 'owner', args: ({ memberId }) => [{ memberId }] },
  'connection/placement#setAppointmentsGo': {
    for: 'owner',
    args: ({ businessId }) => [{ businessId, appointmentsGo: 'business' }],
  },
  'receptionist/keys#createKey': {
    for: 'owner',
    args: ({ businessId, serviceId, memberId }) => [
      { businessId, name: 'Mine', scopes: ['appointments:read'], serviceIds: [serviceId], memberIds: [memberId] },
    ],
  },
  'receptionist/keys#renameKey': { for: 'owner', args: ({ keyId }) => [{ id: keyId, name: 'Mine' }] },
  'receptionist/keys#revokeKey': { for: 'owner', args: ({ keyId }) => [{ id: keyId }] },
  'receptionist/messages#setMessageDone': {
    for: 'member',
    args: ({ businessId, messageId }) => [{ businessId, id: messageId, done: true }],
  },
  'services#deleteService': {
    for: 'owner',
    args: ({ businessId, serviceId }) => [{ businessId, id: serviceId, deleted: true }],
  },
  'services#saveService': {
    for: 'owner',
    args: ({ businessId, serviceId }) => [{ businessId, id: serviceId, fields: { name: 'Mine' } }],
  },
  'team/schedule#addTimeOff': {
    for: 'owner',
    args: ({ memberId, appointmentId }) => [
      { memberId, fields: timeOff, answers: { [appointmentId]: 'cancel' }, keepOthers: true },
    ],
  },
  'team/schedule#removeTimeOff': { for: 'owner', args: ({ timeOffId }) => [{ id: timeOffId }] },
  'team/schedule#setWorkingHours': { for: 'owner', args: ({ memberId }) => [{ memberId, hours: {} }] },
  'team#acceptInvitation': { for: 'person', args: ({ token }) => [formOf({ token })] },
  'team#acceptOpenInvitation': { for: 'person', args: ({ invitationId }) => [formOf({ invitationId })] },
  'team#changeMember': { for: 'owner', args: ({ memberId }) => [{ memberId, changes: { role: 'staff' } }] },
  'team#deactivateMember': {
    for: 'owner',
    args: ({ memberId }) => [{ memberId, reassignTo: null, leaveClashing: true }],
  },
  'team#invite': { for: 'owner', args: () => [{ email: 'x', role: 'owner' }] },
  'team#reactivateMember': { for: 'owner', args: ({ memberId }) => [{ memberId }] },
  'team#revokeInvitation': { for: 'owner', args: ({ invitationId }) => [{ invitationId }] },
  'team#upcomingOfMember': { for: 'owner', args: ({ memberId }) => [{ memberId }] },
  'webhooks#deleteWebhook': { for: 'owner', args: (other) => [webhook(other)] },
  'webhooks#deliveryLogOf': { for: 'owner', args: (other) => [webhook(other)] },
  'webhooks#replayWebhook': { for: 'owner', args: (other) => [{ ...webhook(other), deliveryId: null }] },
  'webhooks#rotateWebhookSecret': { for: 'owner', args: (other) => [webhook(other)] },
  'webhooks#saveWebhook': {
    for: 'owner',
    args: (other) => [{ ...webhook(other), url: 'https://mine.example', types: [] }],
  },
  'webhooks#setWebhookOn': { for: 'owner', args: (other) => [{ ...webhook(other), on: false }] },
  'webhooks#testWebhook': { for: 'owner', args: (other) => [webhook(other)] },
  'visits#answerMoveOffer': { for: 'member', args: ({ appointmentId }) => [{ appointmentId, following: true }] },
  'visits#bookVisit': {
    for: 'member',
    args: ({ seriesId }) => [
      {
        ...{ seriesId, originalStart: theirVisit, bookAnyway: true },
        ...{ start: '2030-01-14T09:00:00Z', end: '2030-01-14T10:00:00Z' },
      },
    ],
  },
  'visits#changeSeries': {
    for: 'member',
    args: (other) => [{ ...visitOf(other), scope: 'all', change: { kind: 'cancel' }, revision: 1 }],
  },
  'visits#createSeries': {
    for: 'member',
    args: (other) => [
      { id: other.seriesId, repeat, fields: fields(other), choices: {}, firstAppointmentId: other.appointmentId },
    ],
  },
  'visits#previewSeries': {
    for: 'member',
    args: (other) => [{ repeat, fields: fields(other), change: { ...visitOf(other), scope: 'all' } }],
  },
  'visits#seriesDetails': { for: 'member', args: (other) => [visitOf(other)] },
  'visits#skipVisit': { for: 'member', args: ({ seriesId }) => [{ seriesId, originalStart: theirVisit }] },
  'visits#undoSeriesOperation': { for: 'member', args: ({ operationId }) => [{ operationId }] },
}

/** Further inputs of one action. */
export const changes = ['move', 'reassign', 'cancel', 'reinstate', 'put-back', 'create'] as const
