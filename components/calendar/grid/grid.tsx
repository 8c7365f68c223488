'use client'
import FullCalendar, {
  type CalendarOptions,
  type CalendarRef,
  type DateSelectInfo,
  type EventChangeInfo,
  type EventClickInfo,
  type EventInput,
} from '@fullcalendar/react'
import dayGrid from '@fullcalendar/react/daygrid'
import interaction from '@fullcalendar/react/interaction'
import list from '@fullcalendar/react/list'
import timeGrid from '@fullcalendar/react/timegrid'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Temporal } from 'temporal-polyfill'
import type { Appointment, Occurrence } from '#lib/appointments/schema.ts'
import './calendar.css'
import type { DateRange } from '#lib/appointments/cache.ts'
import { hoursOn, type Opening } from '#lib/availability/opening.ts'
import { firstHourOf } from '../first-paint/first-hour.ts'
import { type View, visibleRange } from '../navigation/views.ts'
import { EventContent, type Seen } from './event-content.tsx'
import { eventInputs, type Shown, shownOf } from './grid-event.ts'
import { theme } from './theme.tsx'
import { useFrozenWhileDragging } from './use-frozen-while-dragging.ts'
import { usePrint } from './use-print.ts'

/** A time drawn on the calendar: ISO with offset, or dates when whole days were drawn. */
export type Drawn = { start: string; end: string; allDay: boolean }

export type GridProps = {
  view: View
  date: string
  /** How many events stand side by side. */
  lanes: number
  /** Whether it has found its measures; it is not seen before. */
  settled: boolean
  zone: string
  opening: Opening
  appointments: readonly Appointment[]
  occurrences: readonly Occurrence[]
  seen: Seen
  onDraw: (drawn: Drawn) => void
  onMove: (appointment: Appointment, to: { start: string; end: string }) => void
  onOpen: (shown: Shown) => void
}

const plugins = [dayGrid, timeGrid, list, interaction]
const viewTypes = { month: 'dayGridMonth', week: 'timeGridWeek', day: 'timeGridDay', list: 'agenda' } as const

/** Pixels of half an hour; on paper a whole day fits on a page, and only what overlaps stands side by side. */
const screen: CalendarOptions = { slotMinHeight: 28, eventMinHeight: 25 }
const paper: CalendarOptions = { slotMinHeight: 21, eventMinHeight: 10 }

/** What does not change while the page is open. */
const fixed: CalendarOptions = {
  ...theme,
  plugins,
  headerToolbar: false,
  height: '100%',
  locale: 'en-AU',
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
  // An appointment has a time; the all-day row is Google's.
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
  const { view, date, lanes, settled } = props
  const calendar = useRef<CalendarRef>(null)
  const onPaper = usePrint(calendar)
  const drawn = useDrawn({ ...props, lanes: onPaper ? Number.POSITIVE_INFINITY : lanes })
  const { value, gesture, onPress } = useFrozenWhileDragging(drawn)
  const handlers = useHandlers(props)
  const [first] = useState({ initialView: viewTypes[view], initialDate: date })
  const shown = useRef({ view, date })
  useEffect(() => {
    if (shown.current.view === view && shown.current.date === date) return
    shown.current = { view, date }
    const api = calendar.current?.getApi()
    // Outside React's commit: FullCalendar renders at once.
    queueMicrotask(() => api?.changeView(viewTypes[view], date))
  }, [view, date])
  // The same element while its options are the same: FullCalendar goes through everything that is drawn at each render.
  const drawing = useMemo(
    () => (
      <FullCalendar
        {...fixed}
        {...handlers}
        {...gesture}
        {...value}
        {...(onPaper ? paper : screen)}
        {...first}
        ref={calendar}
      />
    ),
    [handlers, gesture, value, onPaper, first],
  )
  return (
    <div className={settled ? 'h-full' : 'invisible absolute inset-0'} onPointerDownCapture={onPress}>
      {drawing}
    </div>
  )
}

/** The options that follow the data, the same object while nothing of it changes. */
const useDrawn = (props: GridProps): CalendarOptions => {
  const { view, date, zone, opening, appointments, occurrences, seen, lanes } = props
  const events = useMemo(() => eventInputs(appointments, occurrences), [appointments, occurrences])
  const businessHours = useMemo(() => hoursOf(opening, visibleRange(view, date)), [opening, view, date])
  return useMemo(
    () => ({
      timeZone: zone,
      businessHours,
      scrollTime: scrollTimeOf(opening.openingHours),
      eventMaxStack: lanes,
      events,
      eventContent: (info) => <EventContent info={info} seen={seen} />,
    }),
    [zone, businessHours, opening, lanes, events, seen],
  )
}

/** The same functions as long as the page is open: a new one would be a new option, and everything drawn anew. */
const useHandlers = (props: GridProps): CalendarOptions => {
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const [handlers] = useState<CalendarOptions>(() => ({
    eventDidMount: ({ el, event }) => markElement(el, shownOf(event)),
    eventClick: (info) => open(info, latest.current),
    select: (info) => draw(info, latest.current),
    eventDrop: (info) => move(info, latest.current),
    eventResize: (info) => move(info, latest.current),
  }))
  return handlers
}

const markElement = (element: HTMLElement, shown: Shown | undefined) => {
  if (shown?.kind === 'appointment') element.dataset.appointmentId = shown.appointment.id
  if (shown?.kind === 'google') element.dataset.googleEventId = shown.occurrence.googleEventId
}

const open = ({ event, jsEvent }: EventClickInfo, { onOpen }: GridProps) => {
  jsEvent.preventDefault()
  onOpen(shownOf(event))
}

const draw = (info: DateSelectInfo, { onDraw }: GridProps) => {
  onDraw({ start: info.startStr, end: info.endStr, allDay: info.allDay })
  info.view.calendar.unselect()
}

/** FullCalendar's own copy is put back: what is shown comes from the pending change, or it would be there twice. */
const move = ({ event, revert }: EventChangeInfo, { onMove }: GridProps) => {
  const shown = shownOf(event)
  const { start, end } = event
  revert()
  if (shown.kind !== 'appointment' || !start || !end) return
  onMove(shown.appointment, { start: start.toISOString(), end: end.toISOString() })
}

/** What is closed is shaded: each day has hours of its own, and a day long gone shades a week without any. */
const hoursOf = (opening: Opening, { from, to }: DateRange): EventInput[] => {
  const found: EventInput[] = [onDay(Temporal.PlainDate.from('1970-01-01'), { from: '09:00', to: '17:00' })]
  const last = Temporal.PlainDate.from(to)
  for (
    let day = Temporal.PlainDate.from(from);
    Temporal.PlainDate.compare(day, last) < 0;
    day = day.add({ days: 1 })
  )
    for (const hours of hoursOn(day, opening)) found.push(onDay(day, hours))
  return found
}

/** FullCalendar takes opening hours by weekday only, so each date is a weekday that recurs within one day. */
const onDay = (day: Temporal.PlainDate, hours: { from: string; to: string }): EventInput => ({
  daysOfWeek: [day.dayOfWeek % 7],
  startTime: hours.from,
  endTime: hours.to,
  startRecur: day.toString(),
  endRecur: day.add({ days: 1 }).toString(),
})

const scrollTimeOf = (openingHours: Opening['openingHours']) =>
  `${String(Math.floor(firstHourOf(openingHours))).padStart(2, '0')}:45:00`
