'use client'
import { useOptimistic, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { toasts } from '#components/ui/toast.tsx'
import type { Member } from '#lib/auth/schema.ts'
import type { ServicesPage } from '#lib/services/loaders.ts'
import type { Service } from '#lib/services/schema.ts'
import { serviceSummary } from '#lib/services/summary.ts'
import { ServiceDialog } from './service-dialog.tsx'
import { remove, save } from './use-services.ts'

/** The list of services. **Active** is saved at once, everything else in a dialog. */
export const ServicesCard = ({ businessId, services, members }: ServicesPage) => {
  const [open, setOpen] = useState<Service | 'new' | null>(null)
  return (
    <Card labelledBy="services">
      <CardHeader
        id="services"
        title="Services"
        lead="What customers can book. A service sets the length of an appointment, the gaps around it and who can do it."
      >
        <Button tone="primary" onClick={() => setOpen('new')}>
          Add service
        </Button>
      </CardHeader>
      {services.length === 0 ? (
        <CardBody className="text-ink-2">
          No services yet. Add the first one, for example “Leaking tap”, 60 minutes.
        </CardBody>
      ) : (
        <ul className="divide-y divide-line">
          {services.map((service) => (
            <ServiceRow
              key={service.id}
              businessId={businessId}
              service={service}
              members={members}
              onEdit={() => setOpen(service)}
            />
          ))}
        </ul>
      )}
      {open && (
        <ServiceDialog
          key={open === 'new' ? 'new' : open.id}
          businessId={businessId}
          service={open === 'new' ? null : open}
          members={members}
          onClose={() => setOpen(null)}
        />
      )}
    </Card>
  )
}

type ServiceRowProps = { businessId: string; service: Service; members: Member[]; onEdit: () => void }

const ServiceRow = ({ businessId, service, members, onEdit }: ServiceRowProps) => {
  const { id, name } = service
  const [, start] = useTransition()
  const [active, setActive] = useOptimistic(service.active)
  const toggle = () =>
    start(async () => {
      setActive(!active)
      const message = active ? `“${name}” can no longer be booked.` : `“${name}” can be booked again.`
      const refused = await save({ businessId, id, fields: { active: !active } }, message)
      if (refused) toasts.show({ message: refused.message, tone: 'bad' })
    })
  return (
    <li id={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 target:bg-accent-soft md:px-5">
      <div className="min-w-0 flex-1 basis-56 leading-snug">
        <p className="font-medium break-words">{name}</p>
        <p className="text-sm break-words text-ink-3">{serviceSummary(service, whoOf(service, members))}</p>
      </div>
      <div className="flex items-center gap-1 max-sm:w-full">
        <label className="flex h-10 grow items-center gap-2 pr-2 md:h-9">
          <input
            type="checkbox"
            checked={active}
            onChange={toggle}
            aria-label={`${name} is active`}
            className="size-4"
          />
          Active
        </label>
        <Button tone="quiet" square aria-label={`Edit ${name}`} title="Edit" onClick={onEdit}>
          <Icon name="pencil" />
        </Button>
        <Button tone="danger" size="small" aria-label={`Delete ${name}`} onClick={() => remove(businessId, service)}>
          Delete
        </Button>
      </div>
    </li>
  )
}

const whoOf = ({ memberIds }: Service, members: Member[]) =>
  memberIds
    ? members
        .filter(({ id }) => memberIds.includes(id))
        .map(({ name }) => name)
        .join(', ')
    : 'everyone'
