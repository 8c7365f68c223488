'use client'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { GridEvent } from './grid/grid-event.ts'

type ClashCountProps = { appointments: readonly Appointment[]; onOpen: (event: GridEvent) => void }

/** How many appointments in view clash, with a button that opens the first. */
export const ClashCount = ({ appointments, onOpen }: ClashCountProps) => {
  const clashing = appointments.filter(({ clashes }) => clashes.length > 0)
  const [first] = clashing
  if (!first) return null
  return (
    <p role="status" className="flex items-center gap-2 text-bad">
      <Icon name="warning" className="size-3.5" />
      {clashing.length === 1 ? 'One appointment clashes.' : `${clashing.length} appointments clash.`}
      <Button
        tone="quiet"
        className="!h-8 !px-2 text-bad underline md:!h-6"
        onClick={() => onOpen({ kind: 'appointment', appointment: first })}
      >
        Show {clashing.length === 1 ? 'it' : 'the first'}
      </Button>
    </p>
  )
}
