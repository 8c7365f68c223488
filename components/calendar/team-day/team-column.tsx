import { Avatar } from '#components/appointment/avatar.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { TimeOffSpan } from '#lib/appointments/working-time/schema.ts'
import { clockRange } from '#lib/dates/format.ts'
import { type DisplayContext, GridEventContent } from '../grid/event-content.tsx'
import { firstUncovered, type Minutes, minutesPart, type PlacedEvent } from './column-layout.ts'
import { ColumnPreview } from './column-preview.tsx'
import type { LaidOutColumn } from './day-dom.ts'
import { NowLine } from './now-line.tsx'
import type { PreviewStore } from './preview-store.ts'
import { idOf } from './team-columns.ts'
import { idAttribute, TeamEvent } from './team-event.tsx'

export type ColumnTime = {
  /** The opening hours where no working hours are known, and for **Unassigned**. */
  working: readonly Minutes[]
  timeOff: readonly (Minutes & TimeOffSpan)[]
}

type TeamColumnProps = LaidOutColumn & {
  date: string
  time: ColumnTime
  /** The name of a holiday, or the note of another exception to the opening hours. */
  note: string
  headerHeight: number
  selectedId: string | null
  store: PreviewStore
  display: DisplayContext
  onNew: (assigneeIds: string[]) => void
}

export const TeamColumnView = (props: TeamColumnProps) => {
  const { column, events, date, time, selectedId, store, display } = props
  const headingId = `team-column-${column.id}`
  return (
    <section aria-labelledby={headingId} className="team-column border-r border-line last:border-r-0">
      <ColumnHeader {...props} headingId={headingId} />
      <div data-column-body className="team-hours cal-closed relative select-none">
        {time.working.map((part) => (
          <div key={part.from} className="absolute inset-x-0 bg-surface" style={minutesPart(part)} />
        ))}
        <div className="team-lines absolute inset-0" />
        <ul className="absolute inset-y-0 right-1 left-[3px]">
          {time.timeOff.map((part) => (
            <TimeOffBand key={`${part.id} ${part.from}`} part={part} events={events} zone={display.zone} />
          ))}
          {events.map((event) => (
            <TeamEvent
              key={`${event.event.kind} ${event.id}`}
              {...event}
              columnId={column.id}
              isSelected={event.id === selectedId}
              display={display}
            />
          ))}
        </ul>
        <div className="pointer-events-none absolute inset-y-0 right-1 left-[3px]">
          <ColumnPreview columnId={column.id} store={store} display={display} />
        </div>
        <NowLine date={date} zone={display.zone} />
      </div>
    </section>
  )
}

type ColumnHeaderProps = TeamColumnProps & { headingId: string }

const ColumnHeader = ({
  column,
  events,
  allDay,
  time,
  note,
  headingId,
  headerHeight,
  display,
  onNew,
}: ColumnHeaderProps) => {
  const { member, name } = column
  const [firstName, ...otherNames] = name.split(' ')
  const count = events.filter(({ event }) => event.kind === 'appointment').length
  const isAway = member !== null && time.working.length === 0
  return (
    <header
      className="sticky top-0 z-20 flex flex-col overflow-hidden border-b border-line bg-surface"
      style={{ height: headerHeight }}
    >
      <div className="relative h-[50px] flex-none pt-2 pr-1 pl-2">
        <div className="flex items-center gap-1.5">
          {member && <Avatar member={member} />}
          <h2 id={headingId} title={name} className="min-w-0 truncate text-sm font-semibold">
            {firstName} <span className="team-surname">{otherNames.join(' ')}</span>
          </h2>
        </div>
        <p className="truncate pr-8 text-2xs leading-5 text-ink-3">
          {[isAway && 'Not working', (count > 0 || !isAway) && `${count} booked`].filter(Boolean).join(' · ')}
        </p>
        <button
          type="button"
          aria-label={member ? `Book ${name}` : 'Book without an assignee'}
          onClick={() => onNew(member ? [member.id] : [])}
          className="absolute right-0.5 bottom-0 grid size-8 place-items-center rounded-md text-ink-3 hover:bg-sunk hover:text-ink md:bottom-0.5 md:size-6"
        >
          <Icon name="plus" className="size-3.5" />
        </button>
      </div>
      <div className="flex flex-col gap-0.5 px-1">
        {note && <p className="team-note truncate rounded-[7px] bg-sunk px-2 text-2xs text-ink-2">{note}</p>}
        {allDay.map((event) => (
          <button
            key={idOf(event)}
            type="button"
            data-column={column.id}
            data-event={idOf(event)}
            {...idAttribute(event)}
            className="cal-event flex min-w-0 text-left"
          >
            <GridEventContent event={event} layout="row" part={{ isStart: true, isEnd: true }} display={display} />
          </button>
        ))}
      </div>
    </header>
  )
}

type TimeOffBandProps = { part: Minutes & TimeOffSpan; events: readonly PlacedEvent[]; zone: string }

/** Behind the events; its words are where no event covers them. */
const TimeOffBand = ({ part, events, zone }: TimeOffBandProps) => {
  const label = { from: firstUncovered(part, events), to: part.to }
  return (
    <>
      <li className="team-off absolute inset-x-0" style={minutesPart(part)}>
        <span className="sr-only">
          Time off, {clockRange(part.start, part.end, zone)}
          {part.reason && `: ${part.reason}`}
        </span>
      </li>
      <li aria-hidden="true" className="absolute inset-x-0 overflow-hidden px-2 py-1" style={minutesPart(label)}>
        <span className="block truncate text-2xs font-medium text-ink-2">Time off</span>
        <span className="block truncate text-2xs text-ink-2">{part.reason}</span>
      </li>
    </>
  )
}
