'use client'
import { SelectField } from '#components/ui/field.tsx'
import { when } from '#lib/dates/format.ts'
import type { Affected, Answer } from '#lib/team/schedule/schema.ts'

type AffectedListProps = {
  affected: Affected[]
  answers: Record<string, Answer>
  timeZone: string
  onChange: (answers: Record<string, Answer>) => void
}

/** What happens to each appointment in the time off. */
export const AffectedList = ({ affected, answers, timeZone, onChange }: AffectedListProps) => (
  <ul aria-label="Appointments in this time" className="divide-y divide-line">
    {affected.map(({ id, title, start, end, takers }, index) => (
      <li key={id} className="py-2">
        <p className="break-words">{title}</p>
        <p className="mb-1 text-sm text-ink-3">{when(start, end, timeZone)}</p>
        <SelectField
          label={`What happens to ${title}`}
          hideLabel
          data-first={index === 0 ? '' : undefined}
          value={choiceOf(answers[id])}
          onChange={({ target }) => onChange({ ...answers, [id]: answerOf(target.value) })}
        >
          <option value="keep">Keep it</option>
          {takers.map((taker) => (
            <option key={taker.id} value={taker.id}>
              Reassign to {taker.name}
            </option>
          ))}
          <option value="cancel">Cancel it</option>
        </SelectField>
        {takers.length === 0 && <p className="mt-1 text-sm text-ink-3">No one else is free and qualified.</p>}
      </li>
    ))}
  </ul>
)

const choiceOf = (answer: Answer = 'keep') => (typeof answer === 'string' ? answer : answer.reassignTo)

const answerOf = (value: string): Answer => (value === 'keep' || value === 'cancel' ? value : { reassignTo: value })
