import { json, type Reply } from '../http.ts'

export type ErrorInfo = {
  status: number
  reason: string
  message?: string
  domain?: string
  locationType?: 'parameter' | 'header'
  location?: string
}

/** Thrown by handlers and sent in Google's error envelope. */
export class ApiError extends Error {
  readonly info: ErrorInfo
  constructor(info: ErrorInfo) {
    super(info.message ?? info.reason)
    this.info = info
  }
}

type Defaults = { domain: string; message: string }

const KNOWN_REASONS: Record<string, Defaults> = {
  timeRangeEmpty: { domain: 'calendar', message: 'The specified time range is empty.' },
  timeRangeTooLong: { domain: 'global', message: 'The requested time range is too long.' },
  required: { domain: 'global', message: 'Required' },
  invalid: { domain: 'global', message: 'Invalid Value' },
  badRequest: { domain: 'global', message: 'Bad Request' },
  parseError: { domain: 'global', message: 'Parse Error' },
  eventTypeRestriction: { domain: 'calendar', message: "Attempt made to modify 'birthday' event." },
  authError: { domain: 'global', message: 'Invalid Credentials' },
  rateLimitExceeded: { domain: 'usageLimits', message: 'Rate Limit Exceeded' },
  userRateLimitExceeded: { domain: 'usageLimits', message: 'User Rate Limit Exceeded' },
  quotaExceeded: { domain: 'usageLimits', message: 'Calendar usage limits exceeded.' },
  dailyLimitExceeded: { domain: 'usageLimits', message: 'Daily Limit Exceeded' },
  accessNotConfigured: { domain: 'usageLimits', message: 'Access Not Configured.' },
  forbidden: { domain: 'global', message: 'Forbidden' },
  requiredAccessLevel: { domain: 'calendar', message: 'You need to have writer access to this calendar.' },
  forbiddenForNonOrganizer: {
    domain: 'calendar',
    message: 'Shared properties can only be changed by the organizer of the event.',
  },
  insufficientPermissions: { domain: 'global', message: 'Request had insufficient authentication scopes.' },
  notACalendarUser: { domain: 'calendar', message: 'The user must be signed up for Google Calendar.' },
  notFound: { domain: 'global', message: 'Not Found' },
  duplicate: { domain: 'global', message: 'The requested identifier already exists.' },
  conflict: { domain: 'global', message: 'Conflict' },
  fullSyncRequired: {
    domain: 'calendar',
    message: 'Sync token is no longer valid, a full sync is required.',
  },
  updatedMinTooLongAgo: {
    domain: 'calendar',
    message: 'The requested minimum modification time lies too far in the past.',
  },
  deleted: { domain: 'global', message: 'Resource has been deleted' },
  conditionNotMet: { domain: 'global', message: 'Precondition Failed' },
  backendError: { domain: 'global', message: 'Backend Error' },
}

const STATUS_NAMES: Record<string, string> = {
  authError: 'UNAUTHENTICATED',
  insufficientPermissions: 'PERMISSION_DENIED',
}

export function errorReply(info: ErrorInfo): Reply {
  const defaults = KNOWN_REASONS[info.reason]
  const message = info.message ?? defaults?.message ?? info.reason
  const error = {
    errors: [
      {
        domain: info.domain ?? defaults?.domain ?? 'global',
        reason: info.reason,
        message,
        ...(info.location && { locationType: info.locationType ?? 'parameter', location: info.location }),
      },
    ],
    code: info.status,
    message,
    ...(STATUS_NAMES[info.reason] && { status: STATUS_NAMES[info.reason] }),
    ...(info.reason === 'insufficientPermissions' && { details: [SCOPE_DETAIL] }),
  }
  return json({ error }, info.status, { ...CACHE_HEADERS, ...challenge(info) })
}

const SCOPE_DETAIL = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  domain: 'googleapis.com',
  metadata: { service: 'calendar-json.googleapis.com' },
}

export const CACHE_HEADERS = {
  'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
  vary: 'Origin, X-Origin, Referer',
}

function challenge({ status, reason }: ErrorInfo): Record<string, string> {
  const realm = 'Bearer realm="https://accounts.google.com/"'
  if (status === 401) return { 'www-authenticate': `${realm}, error="invalid_token"` }
  if (reason === 'insufficientPermissions') return { 'www-authenticate': `${realm}, error="insufficient_scope"` }
  return {}
}

export function invalid(message?: string, location?: string): ApiError {
  return new ApiError({ status: 400, reason: 'invalid', message, location })
}

export function required(message: string, location?: string): ApiError {
  return new ApiError({ status: 400, reason: 'required', message, location })
}

export function refused(status: number, reason: string, message?: string): ApiError {
  return new ApiError({ status, reason, message })
}
