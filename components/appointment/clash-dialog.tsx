'use client'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Member } from '#lib/auth/schema.ts'
import type { Clash } from '#lib/availability/clash.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { when } from '#lib/dates/format.ts'
import { ClashList } from './clash-list.tsx'
import { UncheckedTimes } from './unchecked-times.tsx'

type ClashDialogProps = {
  /** Nothing but holds is in the way. */
  isOnlyHeld: boolean
  /** Why it was refused. */
  heading: string
  title: string
  clashes: readonly Clash[]
  clashCount: number
  alternatives: readonly Span[]
  /** Label of the button that gives up the change. */
  keepLabel: string
  googleUnchecked: boolean
  members: ReadonlyMap<string, Member>
  zone: string
  onTake: (span: Span) => void
  onBookAnyway: () => void
  onClose: () => void
}

/** After a move or an undo was refused: the clashes, free times nearby and **Book anyway**. */
export const ClashDialog = (props: ClashDialogProps) => {
  const { isOnlyHeld, heading, title, clashes, clashCount, alternatives, googleUnchecked, members, zone } = props
  const { keepLabel, onTake, onBookAnyway, onClose } = props
  return (
    <Dialog
      open
      onClose={onClose}
      title={heading}
      footer={
        <>
          <Button onClick={onBookAnyway}>{isOnlyHeld ? 'Take it over' : 'Book anyway'}</Button>
          <div className="grow" />
          <Button tone="primary" onClick={onClose}>
            {keepLabel}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-ink-2">
        {isOnlyHeld ? 'The time is kept for a caller:' : `“${title}” would clash with:`}
      </p>
      <ClashList clashes={clashes} clashCount={clashCount} members={members} zone={zone} />
      {alternatives.length > 0 && (
        <>
          <p className="mt-4 text-ink-2">Free nearby:</p>
          {googleUnchecked && <UncheckedTimes />}
          <div className="mt-2 flex flex-wrap gap-2">
            {alternatives.map((span) => (
              <Button key={span.start} onClick={() => onTake(span)}>
                {when(span.start, span.end, zone)}
              </Button>
            ))}
          </div>
        </>
      )}
    </Dialog>
  )
}
