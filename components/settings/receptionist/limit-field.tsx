'use client'
import { useId } from 'react'

type LimitFieldProps = {
  legend: string
  /** Labels of the two choices. */
  all: string
  some: string
  choices: readonly { id: string; name: string }[]
  /** Null: all. */
  value: string[] | null
  error?: string
  onChange: (value: string[] | null) => void
}

/** All of something, or chosen ones. */
export const LimitField = ({ legend, all, some, choices, value, error, onChange }: LimitFieldProps) => {
  const id = useId()
  const radio = (label: string, checked: boolean, next: string[] | null) => (
    <label className="flex items-center gap-2.5 py-2.5 md:py-1">
      <input
        type="radio"
        name={`${id}-limit`}
        checked={checked}
        onChange={() => onChange(next)}
        className="size-4 shrink-0"
      />
      {label}
    </label>
  )
  if (choices.length === 0) return null
  return (
    <fieldset>
      <legend className="text-sm font-medium text-ink-2">{legend}</legend>
      {radio(all, value === null, null)}
      {radio(some, value !== null, value ?? [])}
      {value && (
        <div className="ml-6.5">
          {choices.map(({ id: each, name }) => (
            <label key={each} className="flex items-center gap-2.5 py-2.5 md:py-1">
              <input
                type="checkbox"
                checked={value.includes(each)}
                aria-invalid={error ? true : undefined}
                onChange={() =>
                  onChange(value.includes(each) ? value.filter((other) => other !== each) : [...value, each])
                }
                className="size-4 shrink-0"
              />
              {name}
            </label>
          ))}
        </div>
      )}
      {error && <p className="text-sm text-bad">{error}</p>}
    </fieldset>
  )
}
