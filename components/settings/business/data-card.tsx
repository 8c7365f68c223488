'use client'
import { type FormEvent, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { TextField } from '#components/ui/field.tsx'
import { deleteBusiness } from '#lib/business/actions.ts'
import { useSaving } from '../calendar/use-saving.ts'

export const DataCard = ({ name }: { name: string }) => (
  <Card labelledBy="data">
    <CardHeader id="data" title="Your data" lead="Export everything, or delete the business." />
    <CardBody className="flex flex-wrap items-center gap-2.5">
      <a href="/api/business/export" download className={buttonClass()}>
        Export everything (JSON)
      </a>
      <a href="/api/business/export?format=ics" download className={buttonClass()}>
        Export appointments (ICS)
      </a>
      <div className="grow" />
      <DeleteBusiness name={name} />
    </CardBody>
  </Card>
)

const DeleteBusiness = ({ name }: { name: string }) => {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const { pending, refused, save, setRefused } = useSaving()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save(
      () => deleteBusiness({ name: typed }),
      () => window.location.assign('/sign-in?error=business-deleted'),
    )
  }
  return (
    <>
      <Button tone="danger" onClick={() => setOpen(true)}>
        Delete business
      </Button>
      <Dialog
        open={open}
        onClose={() => {
          if (pending) return
          setOpen(false)
          setTyped('')
          setRefused(null)
        }}
        title={`Delete ${name}?`}
        footer={
          <>
            <Button type="submit" form="delete-business" tone="danger-solid" pending={pending}>
              Delete permanently
            </Button>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
          </>
        }
      >
        <ul className="mb-4 list-disc space-y-1.5 pl-5 text-ink-2 marker:text-ink-3">
          <li>All appointments, the team, the settings and the activity log are deleted. This cannot be undone.</li>
          <li>Access to Google is revoked. Events that Sophiie added stay in Google.</li>
          <li>Accounts of people without another business are deleted too.</li>
        </ul>
        <form id="delete-business" onSubmit={submit} noValidate>
          <TextField
            label={`Type “${name}” to confirm`}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            error={refused ?? undefined}
            autoComplete="off"
          />
        </form>
      </Dialog>
    </>
  )
}
