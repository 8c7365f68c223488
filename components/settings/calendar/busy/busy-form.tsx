import { type FormEvent, type ReactNode, useId } from 'react'
import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { Button } from '#components/ui/button.tsx'
import { CardFooter } from '#components/ui/card.tsx'
import { join } from '#components/ui/join.ts'
import { Pill } from '#components/ui/pill.tsx'
import type { BusyRow } from './busy-rows.ts'

type BusyFormProps = {
  pending: boolean
  refused: string | null
  /** Shown when nothing was refused. */
  note: string
  onSave: () => void
  /** Further buttons beside Save. */
  more?: ReactNode
  children: ReactNode
}

/** Rows of calendars, and Save. */
export const BusyForm = ({ pending, refused, note, onSave, more, children }: BusyFormProps) => {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave()
  }
  return (
    <form onSubmit={submit} noValidate>
      <ul className="divide-y divide-line">{children}</ul>
      <CardFooter>
        <Button type="submit" tone="primary" pending={pending}>
          Save
        </Button>
        {more}
        <p role="status" className={refused ? 'text-sm text-bad' : 'text-sm text-ink-2'}>
          {refused ?? note}
        </p>
      </CardFooter>
    </form>
  )
}

type BusyRowItemProps = {
  row: BusyRow
  /** The name of the checkbox, such as `Blocks my time: Home`. */
  label: string
  /** `some`: it blocks only some members. */
  ticked: boolean | 'some'
  timeZone: string
  onToggle: () => void
  children?: ReactNode
}

export const BusyRowItem = ({ row, label, ticked, timeZone, onToggle, children }: BusyRowItemProps) => {
  const id = useId()
  const { name, primary, saved, disabledBecause } = row
  const off = disabledBecause !== null
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 md:px-5">
      <label
        htmlFor={id}
        className={join('flex min-w-0 flex-1 basis-60 items-center gap-3', off ? 'text-ink-3' : 'cursor-pointer')}
      >
        <input
          type="checkbox"
          id={id}
          ref={(input) => {
            if (input) input.indeterminate = ticked === 'some'
          }}
          checked={ticked === true}
          disabled={off}
          onChange={onToggle}
          aria-label={label}
          aria-describedby={`${id}-state`}
          className="block size-[18px] shrink-0"
        />
        <span className={join('min-w-0 wrap-anywhere', !off && 'font-semibold')}>{name}</span>
        {primary && <Pill>primary</Pill>}
      </label>
      <span id={`${id}-state`} className="text-sm text-ink-2">
        {saved ? <SyncStatusDot status={saved.status} timeZone={timeZone} /> : disabledBecause}
      </span>
      {children}
    </li>
  )
}
