import { type Other, secret } from '../steps/tenants.ts'
import type { Walk } from './actions.ts'

/** Every page and route, with ids of another business. One that is missing fails the test. */

/** `key`: answers a bearer key only; its ids are walked below. */
export type Route = {
  for: Walk['for'] | 'machine' | 'key'
  path: (other: Other) => string
  method?: 'POST' | 'PATCH'
}

const year = () =>
  `from=${new Date().toISOString().slice(0, 10)}&to=2099-01-01`.replace('2099', String(new Date().getFullYear() + 1))

const hour = 'from=2027-01-04T09:00:00Z&to=2027-01-04T10:00:00Z'

export const routes: Record<string, Route> = {
  'page /': { for: 'member', path: () => '/' },
  'page /calendar': { for: 'member', path: ({ appointmentId }) => `/calendar?appointment=${appointmentId}` },
  'page /help/api': { for: 'anyone', path: () => '/help/api' },
  'page /help/google-calendar': { for: 'member', path: () => '/help/google-calendar' },
  'page /help/webhooks': { for: 'member', path: () => '/help/webhooks' },
  'page /invitation/[token]': { for: 'anyone', path: () => `/invitation/${'a'.repeat(43)}` },
  'page /settings': { for: 'member', path: () => '/settings' },
  'page /settings/activity': {
    for: 'owner',
    path: ({ appointmentId, memberId }) => `/settings/activity?appointment=${appointmentId}&who=${memberId}`,
  },
  'page /settings/business': { for: 'owner', path: () => '/settings/business' },
  'page /settings/calendar': { for: 'member', path: () => '/settings/calendar' },
  'page /settings/receptionist': { for: 'member', path: () => '/settings/receptionist?call=their-call' },
  'page /settings/services': { for: 'owner', path: () => '/settings/services' },
  'page /settings/team': { for: 'owner', path: () => '/settings/team' },
  'page /settings/time-off': { for: 'member', path: () => '/settings/time-off' },
  'page /sign-in': { for: 'anyone', path: ({ businessId }) => `/sign-in?callbackUrl=/${businessId}` },
  'page /sign-in/link/[token]': { for: 'anyone', path: ({ token }) => `/sign-in/link/${token}` },
  'page /welcome': { for: 'person', path: () => '/welcome' },
  'route /api/activity/csv': {
    for: 'owner',
    path: ({ appointmentId }) => `/api/activity/csv?appointment=${appointmentId}`,
  },
  'route /api/auth/[...nextauth]': { for: 'anyone', path: () => '/api/auth/session' },
  'route /api/business/export': {
    for: 'owner',
    path: ({ businessId }) => `/api/business/export?business=${businessId}`,
  },
  'route /api/calendar': {
    for: 'member',
    path: ({ businessId }) => `/api/calendar?${year()}&cancelled=1&business=${businessId}`,
  },
  'route /api/calendar/busy': {
    for: 'member',
    path: ({ appointmentId }) => `/api/calendar/busy?${year()}&except=${appointmentId}`,
  },
  'route /api/calendar/customers': { for: 'member', path: () => `/api/calendar/customers?name=${secret}` },
  'route /api/calendar/mine': {
    for: 'member',
    path: ({ memberId }) => `/api/calendar/mine?member=${memberId}`,
  },
  'route /api/calendar/rules': {
    for: 'member',
    path: ({ appointmentId, memberId, serviceId }) =>
      `/api/calendar/rules?${hour}&except=${appointmentId}&service=${serviceId}&member=${memberId}`,
  },
  'route /api/calendar/todo': { for: 'member', path: () => '/api/calendar/todo' },
  'route /api/calendar/working-time': {
    for: 'member',
    path: ({ memberId }) => `/api/calendar/working-time?date=2026-11-23&member=${memberId}`,
  },
  'route /api/cron/sync': { for: 'machine', path: () => '/api/cron/sync' },
  'route /api/google/calendars': {
    for: 'owner',
    path: ({ businessId }) => `/api/google/calendars?business=${businessId}`,
  },
  'route /api/google/callback': { for: 'person', path: () => '/api/google/callback?code=4/x&state=forged' },
  'route /api/google/link': { for: 'owner', path: () => '/api/google/link' },
  'route /api/google/webhook': { for: 'anyone', path: () => '/api/google/webhook', method: 'POST' },
  'route /api/health': { for: 'anyone', path: () => '/api/health' },
  'route /api/live': { for: 'member', path: () => '/api/live' },
  'route /api/mcp': { for: 'key', path: () => '/api/mcp', method: 'POST' },
  'route /api/v1/[...path]': { for: 'key', path: ({ appointmentId }) => `/api/v1/x/${appointmentId}` },
  'route /api/v1/agent/[tool]': { for: 'key', path: () => '/api/v1/agent/find_appointments', method: 'POST' },
  'route /api/v1/appointments': { for: 'key', path: () => '/api/v1/appointments', method: 'POST' },
  'route /api/v1/appointments/[id]': {
    for: 'key',
    path: ({ appointmentId }) => `/api/v1/appointments/${appointmentId}`,
  },
  'route /api/v1/appointments/[id]/cancel': {
    for: 'key',
    path: ({ appointmentId }) => `/api/v1/appointments/${appointmentId}/cancel`,
    method: 'POST',
  },
  'route /api/v1/appointments/search': { for: 'key', path: () => '/api/v1/appointments/search', method: 'POST' },
  'route /api/v1/changes': { for: 'key', path: () => '/api/v1/changes' },
  'route /api/v1/context': { for: 'key', path: () => '/api/v1/context', method: 'POST' },
  'route /api/v1/holds': { for: 'key', path: () => '/api/v1/holds', method: 'POST' },
  'route /api/v1/holds/[id]': { for: 'key', path: ({ holdId }) => `/api/v1/holds/${holdId}`, method: 'PATCH' },
  'route /api/v1/messages': { for: 'key', path: () => '/api/v1/messages', method: 'POST' },
  'route /api/v1/openapi.json': { for: 'anyone', path: () => '/api/v1/openapi.json' },
  'route /api/v1/slots': { for: 'key', path: ({ serviceId }) => `/api/v1/slots?service=${serviceId}` },
}
