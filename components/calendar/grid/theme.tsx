import type { CalendarOptions, DayHeaderInfo } from '@fullcalendar/react'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'

/** FullCalendar's class options. Events are styled in `event-content.tsx` and `calendar.css`. */

type DayHeaderProps = Pick<DayHeaderInfo, 'weekdayText' | 'dayNumberText' | 'isToday' | 'isNarrow'> &
  Partial<Pick<DayHeaderInfo, 'inPopover' | 'text'>>

export const DayHeader = (props: DayHeaderProps) => {
  const { weekdayText, dayNumberText, isToday, isNarrow, inPopover, text } = props
  return inPopover ? (
    <span className="block pr-8 text-sm font-semibold">{text}</span>
  ) : (
    <span className={join('block text-ink-3', isNarrow ? 'text-center text-2xs' : 'text-xs')}>
      {weekdayText}
      {dayNumberText && (
        <b
          className={join(
            'block font-semibold tabular-nums',
            isNarrow ? 'text-md' : 'text-[17px]',
            isToday ? 'text-accent' : 'text-ink',
          )}
        >
          {dayNumberText}
        </b>
      )}
    </span>
  )
}

const timeGrid: CalendarOptions = {
  dayHeaderClass: 'border border-line',
  dayHeaderInnerClass: ({ isNarrow }) => (isNarrow ? 'px-1 py-1.5' : 'px-2 py-2'),
  dayHeaderContent: DayHeader,
  dayHeaderAlign: ({ isNarrow }) => (isNarrow ? 'center' : 'start'),
  dayCellClass: 'border border-line',
  rowEventClass: 'mt-1',
  dayCellBottomClass: 'min-h-1.5',
  allDayHeaderInnerClass: 'px-1.5 py-2 text-2xs text-ink-3 whitespace-nowrap',
  allDayDividerClass: 'border-b border-line',
  dayHeaderDividerClass: 'border-b border-line',
  slotHeaderInnerClass: 'pr-2 pl-2 -mt-2 text-2xs text-ink-3 tabular-nums whitespace-nowrap',
  slotHeaderClass: 'justify-end',
}

const month: CalendarOptions = {
  dayHeaderClass: 'border border-line',
  dayHeaderInnerClass: 'px-2 py-1.5 text-xs text-ink-3',
  dayHeaderAlign: 'start',
  dayHeaderDividerClass: 'border-b border-line',
  dayCellClass: ({ isOther }) => join('border border-line', isOther && 'bg-bg/60'),
  dayCellTopClass: 'flex',
  dayCellTopInnerClass: ({ isToday, isOther }) =>
    join(
      'm-1 flex h-6 min-w-6 items-center justify-center rounded-full px-1.5 text-xs tabular-nums',
      isToday ? 'bg-accent font-semibold text-accent-ink' : isOther ? 'text-ink-3' : 'font-medium text-ink-2',
    ),
  listItemEventClass: 'cal-event group relative mx-1 mb-px flex',
  listItemEventInnerClass: 'flex min-w-0 flex-1',
  rowMoreLinkClass: 'mx-1 mb-0.5 rounded-sm hover:bg-sunk',
  rowMoreLinkInnerClass: 'px-1.5 py-0.5 text-2xs font-medium text-ink-2',
}

const list: CalendarOptions = {
  listDayClass: 'grid md:grid-cols-[9rem_minmax(0,1fr)] gap-x-4 border-b border-line px-4 py-3 last:border-0',
  listDayHeaderClass: 'flex items-baseline gap-2 pb-1 md:flex-col md:gap-0',
  listDayHeaderInnerClass: ({ isToday, level }) =>
    join('text-sm', level ? 'text-ink-3' : 'font-semibold', isToday && !level && 'text-accent'),
  listDayBodyClass: 'min-w-0',
  listItemEventClass: 'cal-event flex items-start gap-3 rounded-md px-2 py-1.5 hover:bg-sunk/60',
  listItemEventInnerClass: 'flex min-w-0 flex-1 gap-3',
  noEventsClass: 'flex min-h-72 flex-col items-center justify-center',
  noEventsInnerClass: 'text-ink-2',
}

export const theme: CalendarOptions = {
  className: 'h-full',
  viewClass: 'overflow-hidden rounded-xl border border-line bg-surface',
  dayNarrowWidth: 90,
  eventShortHeight: 40,
  tableHeaderClass: 'bg-surface',
  fillerClass: 'border border-line',
  dayHeaderRowClass: 'border border-line',
  dayRowClass: 'border border-line',
  dayLaneClass: 'border border-line',
  dayLaneInnerClass: ({ isNarrow }) => (isNarrow ? 'mx-px' : 'mr-1 ml-[3px]'),
  slotHeaderRowClass: 'border border-line',
  slotLaneClass: ({ isMinor }) => join('border', isMinor ? 'border-transparent' : 'border-line'),
  slotHeaderDividerClass: 'border-e border-line',
  nonBusinessHoursClass: 'cal-closed',
  highlightClass: 'cal-drawn',
  nowIndicatorLineClass: '-m-px border border-bad',
  nowIndicatorDotClass: '-m-1 size-2 rounded-full bg-bad',
  blockEventClass: ({ isDragging, isSelected }) =>
    join('cal-event group relative', isDragging && 'cal-dragged', isSelected && 'cal-selected'),
  rowEventClass: 'mx-1 mb-px',
  rowEventInnerClass: 'min-w-0 flex',
  columnEventClass: 'mb-px',
  columnEventInnerClass: 'cal-column flex min-h-0 flex-col',
  columnEventAfterClass: ({ isEndResizable }) => (isEndResizable ? 'cal-grip cal-grip-end' : ''),
  columnEventBeforeClass: ({ isStartResizable }) => (isStartResizable ? 'cal-grip cal-grip-start' : ''),
  // Screen readers get "+2 more" even where only "+2" fits.
  moreLinkContent: ({ text, longText }) => (
    <>
      {text}
      {text !== longText && <span className="sr-only"> more</span>}
    </>
  ),
  columnMoreLinkClass: 'cal-more rounded-full border border-line-strong bg-raised hover:bg-sunk',
  columnMoreLinkInnerClass: 'text-2xs font-semibold tabular-nums',
  popoverClass: 'w-60 rounded-xl border border-line bg-raised p-2 shadow-float',
  popoverFormat: { weekday: 'long', day: 'numeric', month: 'long' },
  popoverCloseContent: <Icon name="close" className="size-3.5" />,
  popoverCloseClass: 'absolute top-2.5 right-2.5 rounded-sm p-1 text-ink-2 hover:bg-sunk',
  views: { timeGrid, dayGrid: month, list },
}
