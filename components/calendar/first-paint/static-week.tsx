import { Temporal } from 'temporal-polyfill'
import { hoursOn, type Opening } from '#lib/availability/opening.ts'
import { maxColumns } from '../grid/columns.ts'
import {
  layOutColumns,
  limitColumns,
  type Milliseconds,
  midnightsOf,
  type PartOfDay,
  partsOf,
} from '../grid/day-layout.ts'
import { type DisplayContext, GridEventContent, type Layout } from '../grid/event-content.tsx'
import type { GridEvent, Rows } from '../grid/grid-event.ts'
import { DayHeader } from '../grid/theme.tsx'
import { type View, visibleRange, weekdays } from '../navigation/views.ts'
import { firstHourOf } from './first-hour.ts'

/** Views that are drawn; months and lists are not. */
export type DrawnView = Extract<View, 'day' | 'week'>

export type StaticWeekProps = {
  view: DrawnView
  date: string
  isPhone: boolean
  zone: string
  opening: Opening
  display: DisplayContext
  rows: Rows
}

const hours = Array.from({ length: 24 }, (_, hour) => hour)
const gridColumns = {
  day: 'grid-cols-[50px_minmax(0,1fr)]',
  week: 'grid-cols-[50px_repeat(7,minmax(0,1fr))]',
}
const width = { phone: 358, desk: 984 }
/** FullCalendar's height of a day: 48 slots of 28 px. */
const dayHeight = 1344

/**
 * A day or a week as static HTML, with FullCalendar's sizes, so that appointments can be read
 * before any script runs. Not interactive: screen readers announce only that the calendar loads.
 */
export default function StaticWeek({ view, date, isPhone, zone, opening, display, rows }: StaticWeekProps) {
  const days = daysOf(view, date)
  const today = Temporal.Now.plainDateISO(zone)
  const columns = maxColumns(view, isPhone ? width.phone : width.desk)
  const eventsByDay = placeEvents(rows, midnightsOf(days, zone), zone)
  const isNarrow = isPhone && view === 'week'
  return (
    <div role="status" className="absolute inset-0 overflow-hidden rounded-xl border border-line bg-surface">
      <span className="sr-only">Loading the calendar</span>
      <div aria-hidden="true" className="flex h-full flex-col">
        <div className={`grid border-b border-line ${gridColumns[view]}`}>
          <i />
          {days.map((day) => (
            <div key={`${day}`} className={`border-l border-line ${isNarrow ? 'px-1 py-1.5' : 'p-2'}`}>
              <DayHeader
                weekdayText={weekdays[day.dayOfWeek - 1]?.slice(0, isNarrow ? 1 : 3) ?? ''}
                dayNumberText={`${day.day}`}
                isToday={day.equals(today)}
                isNarrow={isNarrow}
              />
            </div>
          ))}
        </div>
        <AllDayRow view={view} days={days} rows={rows} display={display} />
        <div className="relative grow overflow-hidden">
          <div
            className={`absolute inset-x-0 grid ${gridColumns[view]}`}
            style={{
              top: `max(${-1 - firstHourOf(opening.openingHours) * 56}px, min(0px, 100% - ${dayHeight}px))`,
              height: `max(${dayHeight}px, 100%)`,
            }}
          >
            <div className="flex flex-col">
              {hours.map((hour) => (
                <span
                  key={hour}
                  className="-mt-2 mb-2 h-0 grow pr-2 text-right text-2xs whitespace-nowrap text-ink-3 tabular-nums"
                >
                  {`${hour % 12 || 12} ${hour < 12 ? 'am' : 'pm'}`}
                </span>
              ))}
            </div>
            {days.map((day, at) => (
              <DayColumn
                key={`${day}`}
                day={day}
                events={eventsByDay[at] ?? []}
                display={display}
                columns={columns}
                isNarrow={isNarrow}
                opening={opening}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  )
}

const daysOf = (view: View, date: string) => {
  const { from, to } = visibleRange(view, date)
  const first = Temporal.PlainDate.from(from)
  const { days: count } = first.until(to)
  return Array.from({ length: count }, (_, at) => first.add({ days: at }))
}

type AllDayRowProps = {
  view: 'day' | 'week'
  days: Temporal.PlainDate[]
  rows: Rows
  display: DisplayContext
}

const AllDayRow = ({ view, days, rows, display }: AllDayRowProps) => {
  const [first] = days
  const columnOf = (date: string) => (first ? first.until(date).days : 0)
  return (
    <div
      className={`grid min-h-[32.94px] grid-flow-row-dense auto-rows-min border-b border-line pb-1.5 ${gridColumns[view]}`}
    >
      <span className="row-start-1 -mb-1.5 px-1.5 py-2 text-2xs leading-4 whitespace-nowrap text-ink-3">all day</span>
      {days.map((day, at) => (
        <i key={`${day}`} className="row-span-full -mb-1.5 border-l border-line" style={{ gridColumn: at + 2 }} />
      ))}
      {allDayEvents(rows).map(({ key, event, times }) => (
        <div
          key={key}
          className="cal-event mx-1 mt-1 mb-px flex min-w-0 self-start"
          style={{
            gridColumn: `${Math.max(0, columnOf(times.start)) + 2} / ${Math.min(days.length, columnOf(times.end)) + 2}`,
          }}
        >
          <GridEventContent
            event={event}
            layout="row"
            part={{ isStart: true, isEnd: true }}
            drawn={times}
            display={display}
          />
        </div>
      ))}
    </div>
  )
}

type AllDayEvent = { key: string; event: GridEvent; times: { start: string; end: string } }

const allDayEvents = ({ occurrences, busy }: Rows): AllDayEvent[] => [
  ...occurrences
    .filter(({ allDay }) => allDay)
    .map((occurrence): AllDayEvent => {
      const { googleEventId: key } = occurrence
      return { key, event: { kind: 'google', occurrence }, times: occurrence }
    }),
  ...busy
    .filter(({ allDay }) => allDay)
    .map((each): AllDayEvent => ({ key: each.id, event: { kind: 'busy', busy: each }, times: each })),
]

type DayColumnProps = {
  day: Temporal.PlainDate
  events: readonly PlacedEvent[]
  display: DisplayContext
  columns: number
  isNarrow: boolean
  opening: Opening
}

const DayColumn = ({ day, events, display, columns: most, isNarrow, opening }: DayColumnProps) => {
  return (
    <div className="relative border-l border-line">
      <div className="cal-closed absolute inset-0" />
      {hoursOn(day, opening).map(({ from, to }) => (
        <div key={from} className="absolute inset-x-0 bg-surface" style={placeOf(minutesOf(from), minutesOf(to))} />
      ))}
      <div className="absolute inset-0 bg-[linear-gradient(var(--color-line)_1px,transparent_1px)] bg-size-[100%_calc(100%/24)]" />
      <div className={`absolute inset-y-0 ${isNarrow ? 'inset-x-px' : 'right-1 left-[3px]'}`}>
        {limitColumns(layOutColumns(events), most).map(({ key, event, times, from, to, column, columns, ...part }) => (
          <div
            key={key}
            className="absolute flex min-h-[25px] flex-col pb-px"
            style={{ ...placeOf(from, to), left: `${(column / columns) * 100}%`, width: `${100 / columns}%` }}
          >
            <div className="cal-event cal-column flex min-h-0 grow flex-col">
              <GridEventContent
                event={event}
                layout={layoutOf(to - from)}
                part={part}
                drawn={times}
                display={display}
              />
            </div>
          </div>
        ))}
      </div>
    </div>
  )
}

type PlacedEvent = PartOfDay & { key: string; event: GridEvent; times: Milliseconds }

/** The parts of all timed events on each day; the times of each row are parsed once. */
const placeEvents = ({ appointments, occurrences, busy, holds }: Rows, midnights: readonly number[], zone: string) => {
  const byDay = midnights.slice(1).map((): PlacedEvent[] => [])
  const place = (key: string, event: GridEvent, { start, end }: { start: string; end: string }) => {
    const times = { start: Date.parse(start), end: Date.parse(end) }
    for (const part of partsOf(times, midnights, zone)) byDay[part.day]?.push({ ...part, key, event, times })
  }
  for (const appointment of appointments) place(appointment.id, { kind: 'appointment', appointment }, appointment)
  for (const occurrence of occurrences)
    if (!occurrence.allDay) place(occurrence.googleEventId, { kind: 'google', occurrence }, occurrence)
  for (const each of busy) if (!each.allDay) place(each.id, { kind: 'busy', busy: each }, each)
  for (const hold of holds) place(hold.id, { kind: 'hold', hold }, hold)
  return byDay
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** Minutes as a percentage of the day. */
const placeOf = (from: number, to: number) => ({ top: `${from / 14.4}%`, height: `${(to - from) / 14.4}%` })

/** One line below 40 px, FullCalendar's `eventShortHeight`; half an hour is 28 px. */
const layoutOf = (minutes: number): Layout => ((minutes / 30) * 28 < 40 ? 'short' : 'tall')
