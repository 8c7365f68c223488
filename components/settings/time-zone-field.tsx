'use client'
import { useEffect, useId, useRef, useState } from 'react'
import { TextField } from '#components/ui/field.tsx'

type TimeZoneFieldProps = {
  typed: string
  error?: string
  /** Fills in the browser's zone if the field is empty. */
  guess?: boolean
}

/** Suggests IANA zones. The list is filled in the browser, so that the page does not carry it. */
export const TimeZoneField = ({ typed, error, guess }: TimeZoneFieldProps) => {
  const listId = useId()
  const input = useRef<HTMLInputElement>(null)
  const [zones, setZones] = useState<string[]>([])
  useEffect(() => {
    setZones(Intl.supportedValuesOf('timeZone'))
    if (guess && input.current?.value === '') input.current.value = Intl.DateTimeFormat().resolvedOptions().timeZone
  }, [guess])
  return (
    <>
      <TextField
        ref={input}
        label="Time zone"
        name="timeZone"
        list={listId}
        defaultValue={typed}
        error={error}
        hint="Appointments and opening hours are shown in this zone, wherever you are."
        autoComplete="off"
        spellCheck={false}
        placeholder="Australia/Sydney"
        required
      />
      <datalist id={listId}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  )
}
