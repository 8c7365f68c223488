'use client'
import { useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Note } from '#components/ui/note.tsx'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { isOnlyHeld } from '#lib/availability/clash.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { when } from '#lib/dates/format.ts'
import { ClashList } from './clash-list.tsx'
import { UncheckedTimes } from './unchecked-times.tsx'
import type { FormRefusal } from './use-appointment-form.ts'

type RefusalNoteProps = {
  refusal: FormRefusal
  zone: string
  members: ReadonlyMap<string, Member>
  onBookAnyway: () => void
  onTake: (span: Span) => void
  onMine: (current: Appointment) => void
  onTheirs: (current: Appointment) => void
}

/** Why the form was not saved, and what to do about it. The input stays in the form. */
export const RefusalNote = (props: RefusalNoteProps) => {
  const { refusal } = props
  const element = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scroll to each refusal once
  useEffect(() => void element.current?.scrollIntoView({ block: 'nearest' }), [refusal])
  return (
    <div ref={element}>
      <Note tone="bad" role="alert">
        <p className="font-medium">{refusal.message}</p>
        {refusal.code === 'clash' && <ClashOptions {...props} />}
        {refusal.code === 'changed-elsewhere' && refusal.current && (
          <VersionOptions {...props} current={refusal.current} />
        )}
      </Note>
    </div>
  )
}

const ClashOptions = ({ refusal, zone, members, onBookAnyway, onTake }: RefusalNoteProps) => (
  <div className="mt-2 space-y-3">
    <ClashList clashes={refusal.clashes ?? []} clashCount={refusal.clashCount ?? 0} members={members} zone={zone} />
    {refusal.alternatives && refusal.alternatives.length > 0 && (
      <div>
        <p className="text-ink-2">Free nearby:</p>
        {refusal.googleUnchecked && <UncheckedTimes />}
        <div className="mt-1.5 flex flex-wrap gap-1.5">
          {refusal.alternatives.map((span) => (
            <Button key={span.start} onClick={() => onTake(span)}>
              {when(span.start, span.end, zone)}
            </Button>
          ))}
        </div>
      </div>
    )}
    <Button onClick={onBookAnyway}>{isOnlyHeld(refusal) ? 'Take it over' : 'Book anyway'}</Button>
  </div>
)

const VersionOptions = ({ current, zone, onMine, onTheirs }: RefusalNoteProps & { current: Appointment }) => (
  <div className="mt-2 space-y-2.5">
    <p className="text-ink-2">
      It is now “{current.title}”, {when(current.start, current.end, zone)}.
    </p>
    <div className="flex flex-wrap gap-1.5">
      <Button onClick={() => onTheirs(current)}>Show their version</Button>
      {current.status === 'booked' && <Button onClick={() => onMine(current)}>Save my version</Button>}
    </div>
  </div>
)
