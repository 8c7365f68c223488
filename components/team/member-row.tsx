'use client'
import { type FormEvent, useOptimistic, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { SelectField, TextField } from '#components/ui/field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Pill } from '#components/ui/pill.tsx'
import { toasts } from '#components/ui/toast.tsx'
import type { Member, Role } from '#lib/auth/schema.ts'
import type { Schedule } from '#lib/team/loaders.ts'
import type { MemberEdits } from '#lib/team/schema.ts'
import { ColourPicker } from './colour-picker.tsx'
import { DeactivateDialog } from './deactivate-dialog.tsx'
import { saveMember } from './use-member.ts'
import { WorkingTimeDialog } from './working-time/working-time-dialog.tsx'

type MemberRowProps = {
  member: Member
  isSelf: boolean
  isLastOwner: boolean
  /** Members who could take over appointments. */
  others: Member[]
  schedule: Schedule
  timeZone: string
}

/** Role and colour are saved as soon as they are chosen, the name in a dialog. */
export const MemberRow = ({ member, isSelf, isLastOwner, others, schedule, timeZone }: MemberRowProps) => {
  const [, start] = useTransition()
  const [shown, choose] = useOptimistic(member, (current, change: MemberEdits) => ({ ...current, ...change }))
  const [open, setOpen] = useState<'name' | 'working-time' | 'deactivate' | null>(null)
  const save = (changes: MemberEdits) =>
    start(async () => {
      choose(changes)
      const refused = await saveMember(member.id, changes, `Changes to ${member.name} saved.`)
      if (refused) toasts.show({ message: refused, tone: 'bad' })
    })
  const { name, email, role, colour } = shown
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-3 md:px-5">
      <ColourPicker name={name} colour={colour} onChange={(picked) => save({ colour: picked })} />
      <div className="min-w-0 flex-1 basis-48 leading-snug">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {isSelf && <Pill>You</Pill>}
        </div>
        <div className="truncate text-sm text-ink-3">{email}</div>
      </div>
      <SelectField
        label={`Role of ${name}`}
        hideLabel
        className="w-28"
        value={role}
        disabled={isLastOwner}
        title={isLastOwner ? 'The last owner cannot become staff' : undefined}
        onChange={({ target }) => save({ role: target.value as Role })}
      >
        <option value="owner">Owner</option>
        <option value="staff">Staff</option>
      </SelectField>
      <Button tone="quiet" square aria-label={`Rename ${name}`} title="Rename" onClick={() => setOpen('name')}>
        <Icon name="pencil" />
      </Button>
      <Button size="small" aria-label={`Working time of ${name}`} onClick={() => setOpen('working-time')}>
        Working time
      </Button>
      <Button
        size="small"
        disabled={isLastOwner}
        title={isLastOwner ? 'The last owner cannot leave' : undefined}
        aria-label={`Deactivate ${name}`}
        onClick={() => setOpen('deactivate')}
      >
        Deactivate
      </Button>
      {open === 'name' && <RenameDialog member={member} onClose={() => setOpen(null)} />}
      {open === 'working-time' && (
        <WorkingTimeDialog member={member} schedule={schedule} timeZone={timeZone} onClose={() => setOpen(null)} />
      )}
      {open === 'deactivate' && (
        <DeactivateDialog
          member={member}
          isSelf={isSelf}
          others={others}
          timeZone={timeZone}
          onClose={() => setOpen(null)}
        />
      )}
    </li>
  )
}

const RenameDialog = ({ member, onClose }: { member: Member; onClose: () => void }) => {
  const [name, setName] = useState(member.name)
  const [refused, setRefused] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      const refusal = await saveMember(member.id, { name }, 'Name saved.')
      if (refusal) setRefused(refusal)
      else onClose()
    })
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rename ${member.name}`}
      footer={
        <>
          <Button type="submit" form="rename" tone="primary" pending={pending}>
            Save
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id="rename" onSubmit={submit} noValidate>
        <TextField
          label="Name"
          value={name}
          onChange={({ target }) => setName(target.value)}
          error={refused ?? undefined}
          maxLength={100}
          hint="Shown on appointments, here and in Google."
          autoComplete="off"
        />
      </form>
    </Dialog>
  )
}
