import { useId } from 'react'
import { join } from '#components/ui/join.ts'
import { Pill } from '#components/ui/pill.tsx'
import type { CalendarChoice } from '#lib/connection/schema.ts'

type CalendarsTableProps = {
  calendars: CalendarChoice[]
  chosen: string | null
  onChoose: (id: string) => void
}

const access: Record<CalendarChoice['access'], string> = {
  owner: 'Owner',
  writer: 'Can edit',
  'read-only': 'Read only',
  'free-busy-only': 'Free/busy only',
}

const head = 'py-2.5 pr-3 text-left text-xs font-medium text-ink-3'
const wide = 'max-md:hidden'

/** Radios named by their calendar. On phones ID and zone are below the name. */
export const CalendarsTable = ({ calendars, chosen, onChoose }: CalendarsTableProps) => (
  <table className="w-full md:table-fixed">
    <thead>
      <tr>
        <td className="w-12" />
        <th scope="col" className={join(head, 'md:w-[27%]')}>
          Calendar
        </th>
        <th scope="col" className={join(head, wide)}>
          Calendar ID
        </th>
        <th scope="col" className={join(head, wide, 'w-[17%]')}>
          Time zone
        </th>
        <th scope="col" className={join(head, 'pr-4 max-md:w-28 md:w-[22%] md:pr-5')}>
          Access
        </th>
      </tr>
    </thead>
    <tbody>
      {calendars.map((calendar) => (
        <Row key={calendar.id} calendar={calendar} chosen={chosen === calendar.id} onChoose={onChoose} />
      ))}
    </tbody>
  </table>
)

type RowProps = { calendar: CalendarChoice; chosen: boolean; onChoose: (id: string) => void }

const Row = ({ calendar, chosen, onChoose }: RowProps) => {
  const id = useId()
  const { name, primary, timeZone, disabledBecause } = calendar
  const off = disabledBecause !== null
  return (
    <tr
      onClick={() => !off && onChoose(calendar.id)}
      className={join('border-t border-line align-middle', off ? 'text-ink-3' : 'cursor-pointer hover:bg-bg')}
    >
      <td className="pl-4 md:pl-5">
        <input
          type="radio"
          id={id}
          name="calendar"
          value={calendar.id}
          checked={chosen}
          disabled={off}
          onChange={() => onChoose(calendar.id)}
          aria-labelledby={`${id}-name`}
          aria-describedby={`${id}-access`}
          className="block size-[18px]"
        />
      </td>
      <td className="py-3 pr-3">
        <label htmlFor={id} className={join('inline-flex flex-wrap items-center gap-x-2', !off && 'cursor-pointer')}>
          <span id={`${id}-name`} className={join('min-w-0 wrap-anywhere', !off && 'font-semibold')}>
            <Address of={name} />
          </span>
          {primary && <Pill>primary</Pill>}
        </label>
        <div className="text-xs wrap-anywhere text-ink-3 md:hidden">
          <Address of={calendar.id} />
          <br />
          {timeZone}
        </div>
      </td>
      <td className={join('py-3 pr-3', wide)}>
        <code className={join('font-mono text-xs wrap-anywhere', !off && 'text-ink-2')}>
          <Address of={calendar.id} />
        </code>
      </td>
      <td className={join('py-3 pr-3 wrap-anywhere', wide)}>{timeZone}</td>
      <td id={`${id}-access`} className="py-3 pr-4 md:pr-5">
        {disabledBecause ?? access[calendar.access]}
      </td>
    </tr>
  )
}

/** Prefers a line break after the @ of an address. */
const Address = ({ of: text }: { of: string }) => {
  const at = text.lastIndexOf('@') + 1
  return (
    <>
      {text.slice(0, at)}
      <wbr />
      {text.slice(at)}
    </>
  )
}
