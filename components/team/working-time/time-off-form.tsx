'use client'
import { type FormEvent, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { SelectField, TextField } from '#components/ui/field.tsx'
import { Note } from '#components/ui/note.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { useFocusInvalid } from '#components/ui/use-focus-invalid.ts'
import { addTimeOff } from '#lib/team/schedule/actions.ts'
import type { Affected, Answer, TimeOffFields } from '#lib/team/schedule/schema.ts'
import { AffectedList } from './affected-list.tsx'
import { emptyTimeOff, type TimeOffDraft, toTimeOffFields } from './time-off-draft.ts'

type TimeOffFormProps = { memberId: string; timeZone: string; isOwn?: boolean; onClose: () => void }

/** `affected`: appointments in that time that need an answer first. */
type Refused = { message: string; fields: Record<string, string>; affected: Affected[] }

/** Adds time off. Appointments in it are listed, and the person says what happens to each. */
export const TimeOffForm = ({ memberId, timeZone, isOwn = false, onClose }: TimeOffFormProps) => {
  const [draft, setDraft] = useState(emptyTimeOff)
  const [answers, setAnswers] = useState<Record<string, Answer>>({})
  const [refused, setRefused] = useState<Refused | null>(null)
  const form = useFocusInvalid(refused, ', [data-first]')
  const [pending, start] = useTransition()
  const edit = (change: Partial<TimeOffDraft>) => {
    setDraft({ ...draft, ...change })
    // Other times have other appointments.
    if (refused && refused.affected.length > 0) setRefused(null)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      // What the list shows without a choice is kept.
      const kept = Object.fromEntries((refused?.affected ?? []).map(({ id }) => [id, 'keep' as const]))
      const given = { memberId, fields: toTimeOffFields(draft), answers: { ...kept, ...answers } }
      const result = await addTimeOff(given).catch(() => null)
      if (result?.ok) {
        toasts.show({ message: summaryOf(result) })
        return onClose()
      }
      const { message = unreachable, fields = {}, affected = [] } = result ?? {}
      setRefused({ message, fields, affected: affected.length > 0 ? affected : (refused?.affected ?? []) })
    })
  }
  const errorOf = (name: keyof TimeOffFields) => refused?.fields[`fields.${name}`]
  const text = (name: 'firstDay' | 'lastDay' | 'startTime' | 'endTime' | 'until' | 'reason') => ({
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => edit({ [name]: target.value }),
  })
  return (
    <form ref={form} onSubmit={submit} noValidate className="mt-2 space-y-3 rounded-lg border border-line p-3">
      <label className="flex items-center gap-2.5 py-1">
        <input
          type="checkbox"
          checked={draft.wholeDays}
          onChange={({ target }) => edit({ wholeDays: target.checked })}
          className="size-4"
        />
        Whole days
      </label>
      <div className="grid grid-cols-2 gap-2">
        <TextField label="First day" type="date" required error={errorOf('startsAt')} {...text('firstDay')} />
        {!draft.wholeDays && <TextField label="From" type="time" {...text('startTime')} />}
        <TextField label="Last day" type="date" error={errorOf('endsAt')} {...text('lastDay')} />
        {!draft.wholeDays && <TextField label="To" type="time" {...text('endTime')} />}
      </div>
      <div className="grid grid-cols-2 gap-2">
        <SelectField
          label="Repeats"
          value={draft.repeats}
          onChange={({ target }) => edit({ repeats: target.value as TimeOffDraft['repeats'] })}
        >
          <option value="never">Never</option>
          <option value="weekly">Every week</option>
          <option value="yearly">Every year</option>
        </SelectField>
        {draft.repeats !== 'never' && (
          <TextField label="Until (optional)" type="date" error={errorOf('lastDate')} {...text('until')} />
        )}
      </div>
      <TextField
        label="Reason"
        hint={isOwn ? 'Only you and owners see it.' : 'Only owners see it, and the member if they may edit it.'}
        maxLength={200}
        autoComplete="off"
        error={errorOf('reason')}
        {...text('reason')}
      />
      {refused && (
        <Note tone={refused.affected.length > 0 ? 'wait' : 'bad'} role="alert">
          {refused.message}
        </Note>
      )}
      {refused && refused.affected.length > 0 && (
        <AffectedList affected={refused.affected} answers={answers} timeZone={timeZone} onChange={setAnswers} />
      )}
      <div className="flex gap-2.5">
        <Button type="submit" size="small" tone="primary" pending={pending}>
          Save time off
        </Button>
        <Button size="small" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

const summaryOf = ({ cancelled, reassigned }: { cancelled: number; reassigned: number }) =>
  [
    'Time off saved.',
    reassigned > 0 && `${reassigned} ${reassigned === 1 ? 'appointment' : 'appointments'} reassigned.`,
    cancelled > 0 && `${cancelled} cancelled.`,
  ]
    .filter(Boolean)
    .join(' ')
