'use client'
import FullCalendar, {
  type CalendarOptions,
  type CalendarRef,
  type DateSelectInfo,
  type EventChangeInfo,
  type EventClickInfo,
  type EventInput,
  type PluginInput,
} from '@fullcalendar/react'
import interaction from '@fullcalendar/react/interaction'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Temporal } from 'temporal-polyfill'
import type { Appointment } from '#lib/appointments/schema.ts'
import './calendar.css'
import type { DateRange } from '#lib/appointments/cache.ts'
import { hoursOn, type Opening } from '#lib/availability/opening.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { locale } from '#lib/dates/locale.ts'
import { firstHourOf } from '../first-paint/first-hour.ts'
import { type GridView, visibleRange } from '../navigation/views.ts'
import { type DisplayContext, EventContent } from './event-content.tsx'
import { eventInputs, type GridEvent, gridEventOf, type Rows } from './grid-event.ts'
import { theme } from './theme.tsx'
import { useFrozenWhileDragging } from './use-frozen-while-dragging.ts'
import { usePrint } from './use-print.ts'

/** A time selected on empty grid: ISO with offset, or dates if whole days were selected. */
export type SelectedTime = { start: string; end: string; allDay: boolean }

export type GridProps = {
  /** Those of `view` and of views shown before. */
  plugins: readonly PluginInput[]
  view: GridView
  date: string
  /** The most events side by side; the rest are behind a "+2" link. */
  columns: number
  /** False while it is measured; it is invisible until then. */
  isReady: boolean
  zone: string
  opening: Opening
  rows: Rows
  display: DisplayContext
  onSelect: (time: SelectedTime) => void
  onMove: (appointment: Appointment, to: Span) => void
  onOpen: (event: GridEvent) => void
}

const viewTypes = { month: 'dayGridMonth', week: 'timeGridWeek', day: 'timeGridDay', list: 'agenda' } as const

/** Pixels per half hour; in print, a whole day fits on a page. */
const screenOptions: CalendarOptions = { slotMinHeight: 28, eventMinHeight: 25 }
const printOptions: CalendarOptions = { slotMinHeight: 21, eventMinHeight: 10 }

const fixedOptions: CalendarOptions = {
  ...theme,
  headerToolbar: false,
  height: '100%',
  locale,
  firstDay: 1,
  nowIndicator: true,
  slotDuration: '00:30',
  snapDuration: '00:15',
  slotHeaderInterval: '01:00',
  slotHeaderFormat: { hour: 'numeric', hour12: true },
  slotHeaderContent: ({ text }) => text.replace(/\s?([ap]m)$/, ' $1'),
  eventTimeFormat: { hour: 'numeric', minute: '2-digit', hour12: true },
  allDayText: 'all day',
  dayHeaderFormat: { weekday: 'short', day: 'numeric' },
  scrollTimeReset: false,
  expandRows: true,
  editable: true,
  eventResizableFromStart: true,
  dragRevertDuration: 150,
  longPressDelay: 350,
  selectable: true,
  selectMirror: true,
  unselectAuto: true,
  selectMinDistance: 6,
  eventInteractive: true,
  eventOrder: 'start,-duration,title',
  slotEventOverlap: false,
  dayMaxEvents: true,
  // Appointments have times; only Google events are in the all-day row.
  eventAllow: (span) => !span.allDay,
  noEventsText: 'Nothing here yet.',
  views: {
    ...theme.views,
    dayGridMonth: { dayHeaderFormat: { weekday: 'short' }, eventAllow: () => true },
    agenda: {
      type: 'list',
      duration: { days: 14 },
      listDayFormat: { weekday: 'long' },
      listDayAltFormat: { day: 'numeric', month: 'long' },
    },
  },
}

export default function Grid(props: GridProps) {
  const { view, date, columns, isReady } = props
  const plugins = useMemo(() => [interaction, ...props.plugins], [props.plugins])
  const calendar = useRef<CalendarRef>(null)
  const isPrinting = usePrint(calendar)
  const current = useDataOptions({ ...props, columns: isPrinting ? Number.POSITIVE_INFINITY : columns })
  const { value: dataOptions, dragHandlers, onPress } = useFrozenWhileDragging(current)
  const handlers = useHandlers(props)
  const [first] = useState({ initialView: viewTypes[view], initialDate: date })
  const applied = useRef({ view, date })
  useEffect(() => {
    if (applied.current.view === view && applied.current.date === date) return
    applied.current = { view, date }
    const api = calendar.current?.getApi()
    // Not within React's commit, because FullCalendar renders synchronously.
    queueMicrotask(() => api?.changeView(viewTypes[view], date))
  }, [view, date])
  // Memoised: each render makes FullCalendar compare everything on the grid.
  const element = useMemo(
    () => (
      <FullCalendar
        {...fixedOptions}
        plugins={plugins}
        {...handlers}
        {...dragHandlers}
        {...dataOptions}
        {...(isPrinting ? printOptions : screenOptions)}
        {...first}
        ref={calendar}
      />
    ),
    [plugins, handlers, dragHandlers, dataOptions, isPrinting, first],
  )
  return (
    <div className={isReady ? 'h-full' : 'invisible absolute inset-0'} onPointerDownCapture={onPress}>
      {element}
    </div>
  )
}

/** The options that depend on data; the same object until one of them changes. */
const useDataOptions = (props: GridProps): CalendarOptions => {
  const { view, date, zone, opening, rows, display, columns } = props
  const events = useMemo(() => eventInputs(rows), [rows])
  const businessHours = useMemo(() => businessHoursOf(opening, visibleRange(view, date)), [opening, view, date])
  return useMemo(
    () => ({
      timeZone: zone,
      businessHours,
      scrollTime: scrollTimeOf(opening.openingHours),
      eventMaxStack: columns,
      events,
      eventContent: (info) => <EventContent info={info} display={display} />,
    }),
    [zone, businessHours, opening, columns, events, display],
  )
}

/** Stable functions: a new one would be a changed option, which redraws the whole grid. */
const useHandlers = (props: GridProps): CalendarOptions => {
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const [handlers] = useState<CalendarOptions>(() => ({
    dayLaneDidMount: ({ el, date, view }) => {
      // So that keys can scroll days without events, in which nothing else takes the focus.
      if (date.valueOf() === view.activeStart.valueOf()) el.tabIndex = 0
    },
    eventDidMount: ({ el, event }) => markElement(el, gridEventOf(event)),
    eventClick: (info) => open(info, latest.current),
    select: (info) => select(info, latest.current),
    eventDrop: (info) => move(info, latest.current),
    eventResize: (info) => move(info, latest.current),
  }))
  return handlers
}

const markElement = (element: HTMLElement, event: GridEvent | undefined) => {
  if (event?.kind === 'appointment') element.dataset.appointmentId = event.appointment.id
  if (event?.kind === 'google') element.dataset.googleEventId = event.occurrence.googleEventId
  if (event?.kind === 'busy') element.dataset.busyId = event.busy.id
  if (event?.kind === 'hold') element.dataset.holdId = event.hold.id
}

const open = ({ event, jsEvent }: EventClickInfo, { onOpen }: GridProps) => {
  jsEvent.preventDefault()
  onOpen(gridEventOf(event))
}

const select = (info: DateSelectInfo, { onSelect }: GridProps) => {
  onSelect({ start: info.startStr, end: info.endStr, allDay: info.allDay })
  info.view.calendar.unselect()
}

/** Reverts FullCalendar's own move, because the outbox replay shows the event at its new time. */
const move = ({ event, revert }: EventChangeInfo, { onMove }: GridProps) => {
  const moved = gridEventOf(event)
  const { start, end } = event
  revert()
  if (moved.kind !== 'appointment' || !start || !end) return
  onMove(moved.appointment, { start: start.toISOString(), end: end.toISOString() })
}

/**
 * Times outside of these are shaded. The entry in 1970 keeps the list non-empty, without which
 * FullCalendar would shade nothing in a week without opening hours.
 */
const businessHoursOf = (opening: Opening, { from, to }: DateRange): EventInput[] => {
  const inputs: EventInput[] = [onDay(Temporal.PlainDate.from('1970-01-01'), { from: '09:00', to: '17:00' })]
  const last = Temporal.PlainDate.from(to)
  for (let day = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(day, last) < 0; day = day.add({ days: 1 }))
    for (const hours of hoursOn(day, opening)) inputs.push(onDay(day, hours))
  return inputs
}

/** FullCalendar takes business hours by weekday only, so a date is a weekday that recurs once. */
const onDay = (day: Temporal.PlainDate, hours: { from: string; to: string }): EventInput => ({
  daysOfWeek: [day.dayOfWeek % 7],
  startTime: hours.from,
  endTime: hours.to,
  startRecur: day.toString(),
  endRecur: day.add({ days: 1 }).toString(),
})

const scrollTimeOf = (openingHours: Opening['openingHours']) =>
  `${String(Math.floor(firstHourOf(openingHours))).padStart(2, '0')}:45:00`
