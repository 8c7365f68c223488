'use client'
import { SelectField } from '#components/ui/field.tsx'
import type { OfferedService } from '#lib/services/schema.ts'
import { serviceSummary } from '#lib/services/summary.ts'
import { type Draft, withLength } from './draft.ts'

type ServiceFieldProps = {
  services: readonly OfferedService[]
  draft: Draft
  error?: string
  onChange: (draft: Draft) => void
}

/** Absent without services. A service that ended is listed only while chosen. */
export const ServiceField = ({ services, draft, error, onChange }: ServiceFieldProps) => {
  const listed = services.filter(({ id, offered }) => offered || id === draft.serviceId)
  if (listed.length === 0) return null
  const chosen = listed.find(({ id }) => id === draft.serviceId)
  const choose = (id: string) => onChange(withService(draft, listed.find((service) => service.id === id) ?? null))
  return (
    <SelectField
      label="Service"
      value={draft.serviceId ?? ''}
      error={error}
      hint={chosen && serviceSummary(chosen)}
      onChange={({ target }) => choose(target.value)}
    >
      <option value="">No service</option>
      {listed.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  )
}

/** Sets the default length, and the title while there is none. */
export const withService = (draft: Draft, service: OfferedService | null): Draft => {
  if (!service) return { ...draft, serviceId: null }
  const [minutes = 60] = service.durations
  return withLength(
    { ...draft, serviceId: service.id, title: draft.title.trim() ? draft.title : service.name },
    minutes,
  )
}
