'use client'
import { useEffect, useId, useRef, useState } from 'react'
import { TextField } from '#components/ui/field.tsx'

type TimeZoneFieldProps = {
  typed: string
  error?: string
  /** Fill in the browser's own zone when nothing was typed. */
  guess?: boolean
}

/** Every IANA zone, found by typing part of its name. The list comes after the page, so that it is not sent with it. */
export const TimeZoneField = ({ typed, error, guess }: TimeZoneFieldProps) => {
  const listId = useId()
  const input = useRef<HTMLInputElement>(null)
  const [zones, setZones] = useState<string[]>([])
  useEffect(() => {
    setZones(Intl.supportedValuesOf('timeZone'))
    if (guess && input.current?.value === '')
      input.current.value = Intl.DateTimeFormat().resolvedOptions().timeZone
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
        hint="Appointments and opening hours are in this zone, wherever you look at them from."
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
