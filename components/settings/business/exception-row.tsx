'use client'
import { useId } from 'react'
import { Button } from '#components/ui/button.tsx'
import { inputClass } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import type { OpeningException } from '#lib/business/schema.ts'
import { defaultOpening } from '#lib/dates/hours.ts'
import { Openings } from './day-hours.tsx'

type ExceptionRowProps = {
  exception: OpeningException
  number: number
  error?: string
  onChange: (exception: OpeningException) => void
  onRemove: () => void
}

/** A date with its own opening hours, or closed. */
export const ExceptionRow = ({ exception, number, error, onChange, onRemove }: ExceptionRowProps) => {
  const noteId = useId()
  const { date, hours, note } = exception
  const wrong = error ? { 'aria-invalid': true as const, 'aria-describedby': noteId } : {}
  return (
    <div className="py-2.5">
      <div className="flex flex-wrap items-start gap-2">
        <input
          type="date"
          aria-label={`Date ${number}`}
          value={date}
          onChange={({ target }) => onChange({ ...exception, date: target.value })}
          className={join(inputClass, 'h-10 w-40! px-2 tabular-nums md:h-9')}
          {...wrong}
        />
        <input
          aria-label={`Reason ${number}`}
          placeholder="Reason (optional)"
          value={note}
          maxLength={100}
          onChange={({ target }) => onChange({ ...exception, note: target.value })}
          className={join(inputClass, 'h-10 min-w-0 flex-1 basis-40 md:h-9')}
        />
        <label className="flex h-10 items-center gap-2 px-1 md:h-9">
          <input
            type="checkbox"
            checked={hours.length === 0}
            onChange={({ target }) => onChange({ ...exception, hours: target.checked ? [] : [defaultOpening] })}
            className="size-4"
          />
          Closed
        </label>
        <Button tone="quiet" square aria-label={`Remove day ${number}`} onClick={onRemove}>
          <Icon name="close" className="size-3.5" />
        </Button>
      </div>
      {hours.length > 0 && (
        <div className="mt-2">
          <Openings
            name={`Day ${number}`}
            hours={hours}
            onChange={(changed) => onChange({ ...exception, hours: changed })}
            wrong={error ? noteId : undefined}
          />
        </div>
      )}
      {error && (
        <p id={noteId} className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  )
}
