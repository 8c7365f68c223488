import { locale } from '#lib/dates/locale.ts'
/** The other side of a clash. Staff who may not see its details get the title "Busy". */
export type Clash = {
  kind: 'appointment' | 'google' | 'hold'
  id: string
  title: string
  start: string
  end: string
  /** Members it concerns; empty means everyone. */
  memberIds: string[]
  /** With `hold`: when it ends by itself. */
  expiresAt?: string
}

/** The first clashes of an appointment, and how many there are. */
export type Clashes = { clashes: Clash[]; clashCount: number }

/** Whether nothing but holds is in the way, which a person may take over. */
export const isOnlyHeld = ({ clashes = [], clashCount = 0 }: Partial<Clashes>): boolean =>
  clashes.length > 0 && clashCount <= clashes.length && clashes.every(({ kind }) => kind === 'hold')

export const mostClashes = 10
/** Counting ends there: what overlaps a thousand others overlaps them for a reason. */
export const mostCounted = 1000

/** As an appointment lists them. */
export const listedClashes = (found: readonly Clash[]): Clashes => ({
  clashes: found.slice(0, mostClashes),
  clashCount: Math.min(found.length, mostCounted),
})

export const clashSentence = ({ clashes, clashCount }: { clashes: readonly Clash[]; clashCount: number }): string => {
  const [first] = clashes
  if (!first) return ''
  const more = clashCount > 1 ? ` and ${moreClashes(clashCount, 1)}` : ''
  return `Clashes with “${first.title}”${more}`
}

/** How many clashes are not among the `shown` ones: "3 more", or "at least 990 more". */
export const moreClashes = (clashCount: number, shown: number): string =>
  `${clashCount >= mostCounted ? 'at least ' : ''}${(clashCount - shown).toLocaleString(locale)} more`
