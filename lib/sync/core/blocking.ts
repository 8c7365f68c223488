/** Whether a Google event blocks time, and why. */

export type BlockingReason =
  | 'busy'
  | 'free'
  | 'declined'
  | 'working-location'
  | 'birthday'
  | 'out-of-office'
  | 'focus-time'

/** Unanswered and tentative invitations count as busy, as in Google's own free/busy. */
export const blockingOf = (event: {
  eventType: string
  transparency: string | null
  selfResponse: string | null
}): { blocks: boolean; why: BlockingReason } => {
  if (event.eventType === 'workingLocation') return { blocks: false, why: 'working-location' }
  if (event.eventType === 'birthday') return { blocks: false, why: 'birthday' }
  if (event.transparency === 'transparent') return { blocks: false, why: 'free' }
  if (event.selfResponse === 'declined') return { blocks: false, why: 'declined' }
  if (event.eventType === 'outOfOffice') return { blocks: true, why: 'out-of-office' }
  if (event.eventType === 'focusTime') return { blocks: true, why: 'focus-time' }
  return { blocks: true, why: 'busy' }
}
