import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { Button } from '#components/ui/button.tsx'
import { CardFooter } from '#components/ui/card.tsx'
import { join } from '#components/ui/join.ts'
import { Pill } from '#components/ui/pill.tsx'
import { saveMyCalendars } from '#lib/connection/mine/actions.ts'
import { useSaving } from '../use-saving.ts'
import type { BusyRow } from './busy-rows.ts'

type BusyFormProps = { rows: BusyRow[]; timeZone: string }

export const BusyForm = ({ rows, timeZone }: BusyFormProps) => {
  const router = useRouter()
  /** What the member ticked or unticked since the last save. */
  const [edits, setEdits] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [done, setDone] = useState('')
  const { pending, refused, save, setRefused } = useSaving()
  const isTicked = ({ id, status }: BusyRow) => edits.get(id) ?? status !== null
  const toggle = (row: BusyRow) => {
    setEdits(new Map(edits).set(row.id, !isTicked(row)))
    setRefused(null)
    setDone('')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const calendarIds = rows.filter(isTicked).map(({ id }) => id)
    save(
      () => saveMyCalendars({ calendarIds }),
      ({ calendars }) => {
        setDone(savedSentence(calendars))
        router.refresh()
      },
    )
  }
  const nothingYet = rows.every(({ status }) => status === null) && edits.size === 0
  return (
    <form onSubmit={submit} noValidate>
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <Row key={row.id} row={row} ticked={isTicked(row)} timeZone={timeZone} onToggle={() => toggle(row)} />
        ))}
      </ul>
      <CardFooter>
        <Button type="submit" tone="primary" pending={pending}>
          Save
        </Button>
        <p role="status" className={refused ? 'text-sm text-bad' : 'text-sm text-ink-2'}>
          {refused ?? (done || (nothingYet ? 'Nothing blocks your time until you save.' : ''))}
        </p>
      </CardFooter>
    </form>
  )
}

const savedSentence = (calendars: number) => {
  if (calendars === 0) return 'Saved. No calendar blocks your time.'
  return calendars === 1 ? 'Saved. 1 calendar blocks your time.' : `Saved. ${calendars} calendars block your time.`
}

type RowProps = { row: BusyRow; ticked: boolean; timeZone: string; onToggle: () => void }

const Row = ({ row, ticked, timeZone, onToggle }: RowProps) => {
  const id = useId()
  const { name, primary, status, disabledBecause } = row
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
          checked={ticked}
          disabled={off}
          onChange={onToggle}
          aria-label={`Blocks my time: ${name}`}
          aria-describedby={`${id}-state`}
          className="block size-[18px] shrink-0"
        />
        <span className={join('min-w-0 wrap-anywhere', !off && 'font-semibold')}>{name}</span>
        {primary && <Pill>primary</Pill>}
      </label>
      <span id={`${id}-state`} className="text-sm text-ink-2">
        {status ? <SyncStatusDot status={status} timeZone={timeZone} /> : disabledBecause}
      </span>
    </li>
  )
}
