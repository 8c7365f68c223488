'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useState } from 'react'
import { Field, inputClass, inputHeight } from '#components/ui/field.tsx'
import { join } from '#components/ui/join.ts'
import { calendarKeys, fetchCustomers } from '#lib/appointments/cache.ts'
import type { Customer } from '#lib/appointments/schema.ts'
import { useDebounced } from './use-debounced.ts'

type CustomerFieldProps = {
  value: string
  error?: string
  onChange: (name: string) => void
  onChoose: (customer: Customer) => void
}

/** The customer's name; earlier customers whose name begins like it are offered with their details. */
export const CustomerField = ({ value, error, onChange, onChoose }: CustomerFieldProps) => {
  const listId = useId()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const found = useCustomers(value, open)
  const shown = open && found.length > 0
  const choose = (customer: Customer) => {
    setOpen(false)
    onChoose(customer)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = shown ? stepped(event.key, { active, count: found.length }) : null
    const chosen = shown && event.key === 'Enter' ? found[active] : undefined
    if (next === null && !chosen && !(shown && event.key === 'Escape')) return
    event.preventDefault()
    if (next !== null) return setActive(next)
    if (chosen) choose(chosen)
    else setOpen(false)
  }
  return (
    <div className="relative">
      <Field label="Customer name" error={error}>
        {(wiring) => (
          <input
            {...wiring}
            name="customerName"
            role="combobox"
            autoComplete="off"
            aria-expanded={shown}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined}
            value={value}
            onKeyDown={onKeyDown}
            onBlur={() => setOpen(false)}
            onChange={(event) => {
              onChange(event.target.value)
              setOpen(true)
              setActive(-1)
            }}
            className={join(inputClass, inputHeight)}
          />
        )}
      </Field>
      <div
        id={listId}
        role="listbox"
        aria-label="Earlier customers"
        hidden={!shown}
        className="absolute inset-x-0 top-full z-10 mt-1 rounded-lg border border-line-strong bg-raised p-1 shadow-float"
      >
        {found.map((customer, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
          <div
            key={customer.name}
            id={`${listId}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(customer)}
            className={join(
              'cursor-pointer rounded-md px-2.5 py-1.5 max-md:py-2.5',
              at === active ? 'bg-accent-soft' : 'hover:bg-sunk',
            )}
          >
            <span className="block truncate font-medium">{customer.name}</span>
            <span className="block truncate text-sm text-ink-2">
              {[customer.phone, customer.email, customer.location].filter(Boolean).join(' · ')}
            </span>
          </div>
        ))}
      </div>
    </div>
  )
}

const useCustomers = (typed: string, open: boolean) => {
  const name = useDebounced(typed.trim())
  const { data } = useQuery({
    queryKey: calendarKeys.customers(name),
    queryFn: ({ signal }) => fetchCustomers(name, signal),
    enabled: open && name !== '',
    placeholderData: keepPreviousData,
    refetchInterval: false,
  })
  return (typed.trim() && data) || []
}

/** Null for keys that do not move. */
const stepped = (key: string, { active, count }: { active: number; count: number }) => {
  if (key === 'ArrowDown') return (active + 1) % count
  if (key === 'ArrowUp') return active <= 0 ? count - 1 : active - 1
  return null
}
