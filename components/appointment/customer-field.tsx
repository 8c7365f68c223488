'use client'
import { Combobox, ComboboxItem, ComboboxList, useComboboxStore } from '@ariakit/react/combobox'
import { useStoreState } from '@ariakit/react/store'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Field, inputClass, inputHeight } from '#components/ui/field.tsx'
import { join } from '#components/ui/join.ts'
import { useDebounced } from '#components/ui/use-debounced.ts'
import { calendarKeys, fetchCustomers } from '#lib/appointments/cache.ts'
import type { Customer } from '#lib/appointments/schema.ts'

type CustomerFieldProps = {
  value: string
  error?: string
  onChange: (name: string) => void
  onChoose: (customer: Customer) => void
}

/** The customer's name, with suggestions of earlier customers. Free text is allowed. */
export const CustomerField = ({ value, error, onChange, onChoose }: CustomerFieldProps) => {
  const [isOpen, setIsOpen] = useState(false)
  const customers = useCustomers(value, isOpen)
  const isShown = isOpen && customers.length > 0
  const store = useComboboxStore({
    open: isShown,
    setOpen: setIsOpen,
    inputValue: value,
    setInputValue: onChange,
  })
  const activeId = useStoreState(store, 'activeId')
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isShown) list.current?.scrollIntoView({ block: 'nearest' })
  }, [isShown])
  const onKeyDown = (event: KeyboardEvent) => {
    // Only the list closes on Escape, not the dialog around it.
    if (isShown && event.key === 'Escape') event.preventDefault()
    // Without an active suggestion, Enter submits the form as in any other field.
    if (event.key === 'Escape' || (event.key === 'Enter' && !activeId)) store.hide()
  }
  return (
    <div className="relative">
      <Field label="Customer name" error={error}>
        {(wiring) => (
          <Combobox
            {...wiring}
            store={store}
            name="customerName"
            showOnClick={false}
            onKeyDown={onKeyDown}
            onBlur={() => store.hide()}
            className={join(inputClass, inputHeight)}
          />
        )}
      </Field>
      {/* In the dialog, not a portal: a popup below the document body would be under the modal. */}
      <ComboboxList
        ref={list}
        store={store}
        aria-label="Earlier customers"
        className="absolute inset-x-0 top-full z-10 mt-1 rounded-lg border border-line-strong bg-raised p-1 shadow-float"
      >
        {customers.map((customer, index) => (
          <ComboboxItem
            key={customer.name}
            id={`${listId}-${index}`}
            aria-selected={activeId === `${listId}-${index}`}
            value={customer.name}
            setValueOnClick={false}
            // Keeps the focus in the field, whose blur closes the list.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(customer)}
            className="cursor-pointer rounded-md px-2.5 py-1.5 hover:bg-sunk data-active-item:bg-accent-soft max-md:py-2.5"
          >
            <span className="block truncate font-medium">{customer.name}</span>
            <span className="block truncate text-sm text-ink-2">
              {[customer.phone, customer.email, customer.location].filter(Boolean).join(' · ')}
            </span>
          </ComboboxItem>
        ))}
      </ComboboxList>
    </div>
  )
}

const useCustomers = (input: string, isOpen: boolean): Customer[] => {
  const name = useDebounced(input.trim())
  const { data } = useQuery({
    queryKey: calendarKeys.customers(name),
    queryFn: ({ signal }) => fetchCustomers(name, signal),
    enabled: isOpen && name !== '',
    placeholderData: keepPreviousData,
    refetchInterval: false,
  })
  return (input.trim() && data) || []
}
