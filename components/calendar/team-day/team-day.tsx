'use client'
import { type CSSProperties, useLayoutEffect, useMemo, useRef } from 'react'
import { Temporal } from 'temporal-polyfill'
import { join } from '#components/ui/join.ts'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { WorkingTime } from '#lib/appointments/working-time/schema.ts'
import { hoursOn } from '#lib/availability/opening.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { minutesOf } from '#lib/availability/world.ts'
import type { NewPlace } from '../changes.ts'
import { firstHourOf } from '../first-paint/first-hour.ts'
import type { DisplayContext } from '../grid/event-content.tsx'
import type { GridEvent, Rows } from '../grid/grid-event.ts'
import './team-day.css'
import { dayBounds, type Minutes, millisecondsOf, minutesOn, placeEvents } from './column-layout.ts'
import { HourAxis } from './hour-axis.tsx'
import { type ColumnTime, TeamColumnView } from './team-column.tsx'
import { eventsByColumn, teamColumns } from './team-columns.ts'
import { useColumnFocus } from './use-column-focus.ts'
import { useDayGestures } from './use-day-gestures.ts'
import { useWorkingTime } from './use-working-time.ts'

export type TeamDayProps = {
  date: string
  setup: CalendarSetup
  /** The filter; empty shows all. */
  staff: readonly string[]
  /** False for two frames, in which the skeleton is shown. */
  isReady: boolean
  rows: Rows
  display: DisplayContext
  onOpen: (event: GridEvent) => void
  onMove: (appointment: Appointment, to: NewPlace) => void
  /** A new appointment, at the default time of the day unless one was drawn. */
  onNew: (span: Span | undefined, assigneeIds: string[]) => void
}

/** One day with a column per member: a drag to another column reassigns. */
export default function TeamDay(props: TeamDayProps) {
  const { date, setup, staff, isReady, rows, display, onOpen, onMove, onNew } = props
  const { timeZone: zone, defaultMinutes } = setup
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useColumns({ date, setup, staff, rows })
  const { timeOf, note } = useTimes({ date, setup })
  const activeIds = useMemo(
    () => new Set(setup.members.filter(({ active }) => active).map(({ id }) => id)),
    [setup.members],
  )
  const onKeyMove = useColumnFocus(scroller)
  const { store, selected } = useDayGestures(scroller, {
    ...{ date, zone, columns, defaultMinutes, onOpen, onMove, onNew, onKeyMove },
    isActive: (id) => activeIds.has(id),
  })
  useFirstHour(scroller, setup)
  const rowsOfHeader = Math.max(...columns.map(({ allDay }) => allDay.length)) + (note ? 1 : 0)
  const headerHeight = headerRow + rowsOfHeader * allDayRow + (rowsOfHeader > 0 ? 4 : 0)
  return (
    <div
      ref={scroller}
      className={join(
        'team-day h-full w-full overflow-auto overscroll-x-contain rounded-xl border border-line bg-surface',
        !isReady && 'invisible absolute inset-0',
      )}
      style={{ '--header': `${headerHeight}px` } as CSSProperties}
    >
      <div className="team-columns flex" style={{ '--columns': columns.length } as CSSProperties}>
        <HourAxis headerHeight={headerHeight} />
        {columns.map((laidOut) => (
          <TeamColumnView
            key={laidOut.column.id}
            {...laidOut}
            date={date}
            time={timeOf(laidOut.column.member?.id ?? null)}
            note={note}
            headerHeight={headerHeight}
            selectedId={selected?.columnId === laidOut.column.id ? selected.id : null}
            store={store}
            display={display}
            onNew={(assigneeIds) => onNew(undefined, assigneeIds)}
          />
        ))}
      </div>
    </div>
  )
}

/** Pixels: the names, and each whole-day event below them. */
const headerRow = 50
const allDayRow = 24

type ColumnsOptions = Pick<TeamDayProps, 'date' | 'setup' | 'staff' | 'rows'>

const useColumns = ({ date, setup, staff, rows }: ColumnsOptions) => {
  const { members, timeZone: zone } = setup
  const columns = useMemo(() => teamColumns(members, staff), [members, staff])
  return useMemo(() => {
    const bounds = dayBounds(Temporal.PlainDate.from(date), zone)
    return eventsByColumn(rows, { date, columns, members }).map(({ column, timed, allDay }) => ({
      ...{ column, allDay },
      events: placeEvents(timed, bounds, zone),
    }))
  }, [rows, date, columns, members, zone])
}

/** Until working hours are read, and for **Unassigned**: the opening hours. */
const useTimes = ({ date, setup }: Pick<TeamDayProps, 'date' | 'setup'>) => {
  const read = useWorkingTime(date)
  return useMemo(() => {
    const day = Temporal.PlainDate.from(date)
    const open = hoursOn(day, setup).map(({ from, to }) => ({ from: minutesOf(from), to: minutesOf(to) }))
    const opening: ColumnTime = { working: open, timeOff: [] }
    const bounds = dayBounds(day, setup.timeZone)
    const times = new Map((read?.members ?? []).map((each) => [each.memberId, timeOn(each, bounds, setup.timeZone)]))
    const timeOf = (memberId: string | null) => (memberId && times.get(memberId)) || opening
    return { timeOf, note: read?.note ?? '' }
  }, [read, date, setup])
}

type MemberTime = WorkingTime['members'][number]

const timeOn = ({ working, timeOff }: MemberTime, bounds: readonly number[], zone: string): ColumnTime => {
  const minutes = <T extends Span>(span: T): (T & Minutes)[] => {
    const part = minutesOn(millisecondsOf(span), bounds, zone)
    return part ? [{ ...span, from: part.from, to: part.to }] : []
  }
  return { working: working.flatMap(minutes), timeOff: timeOff.flatMap(minutes) }
}

/** The first view begins a little before the business opens. */
const useFirstHour = (scroller: React.RefObject<HTMLElement | null>, { openingHours }: CalendarSetup) => {
  const hours = useRef(openingHours)
  useLayoutEffect(() => {
    const element = scroller.current
    const body = element?.querySelector<HTMLElement>('[data-column-body]')
    if (element && body) element.scrollTop = (firstHourOf(hours.current) / 24) * body.offsetHeight
  }, [scroller])
}
