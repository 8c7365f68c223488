import { formatNumber } from '#lib/format-number.ts'
import type { AttentionReason, SyncStatus } from '#lib/sync/core/status.ts'

export type StatusSentence = {
  tone: 'ok' | 'wait' | 'bad' | 'off'
  text: string
  /** Instants shown after the text: `ago` as "4 s ago", `since` as a time of day. */
  ago?: string
  since?: string
  why?: string
}

const whyDelayed = {
  'rate-limited': 'too many requests',
  quota: 'the daily limit is reached',
  transient: 'Google is not responding',
}

const whyAttention: Record<AttentionReason, string> = {
  revoked: 'Google access ended',
  'scope-missing': 'A Google permission is missing',
  'calendar-lost': 'The Google calendar is not accessible',
  'mass-deletion': 'Many events disappeared from Google',
}

/** The sync status as one short sentence; the dot only repeats its tone. */
export const statusSentence = (status: SyncStatus): StatusSentence => {
  switch (status.state) {
    case 'not-linked':
      return { tone: 'off', text: 'Google is not linked' }
    case 'choose-calendar':
      return { tone: 'wait', text: 'Choose a Google calendar' }
    case 'importing':
      return { tone: 'wait', text: `Importing from Google: ${formatNumber(status.imported)}` }
    case 'healthy':
      return { tone: 'ok', text: 'Up to date', ago: status.lastSuccessAt }
    case 'catching-up':
      return {
        tone: 'ok',
        text: status.waiting > 0 ? `Saving ${formatNumber(status.waiting)} to Google` : 'Checking Google',
      }
    case 'delayed':
      return { tone: 'wait', text: 'Waiting for Google', since: status.since, why: whyDelayed[status.why] }
    case 'needs-attention':
      return { tone: 'bad', text: whyAttention[status.reason] }
  }
}
