import { memo } from 'react'
import { join } from '#components/ui/join.ts'
import { type DisplayContext, GridEventContent } from '../grid/event-content.tsx'
import type { GridEvent } from '../grid/grid-event.ts'
import { minutesPart, type PlacedEvent, placeAcross } from './column-layout.ts'
import { isSameEvent } from './same-event.ts'

type TeamEventProps = PlacedEvent & {
  columnId: string
  /** Whether a finger can drag its lower edge. */
  isSelected: boolean
  display: DisplayContext
}

/** One event in one column. It renders again only if its row or its place changes. */
export const TeamEvent = memo((props: TeamEventProps) => {
  const { id, event, columnId, from, to, place, places, isStart, isEnd, isSelected, display } = props
  const isMovable = event.kind === 'appointment'
  return (
    <li
      className="team-event absolute flex min-h-[25px] flex-col pb-px"
      style={{ ...minutesPart({ from, to }), ...placeAcross({ place, places }) }}
    >
      <button
        type="button"
        data-column={columnId}
        data-event={id}
        {...idAttribute(event)}
        className={join(
          'cal-event cal-column relative flex min-h-0 grow flex-col text-left font-[inherit]',
          isSelected && 'cal-selected',
        )}
      >
        <GridEventContent event={event} layout={layoutOf(to - from)} part={{ isStart, isEnd }} display={display} />
        {isMovable && isEnd && <span className="cal-grip cal-grip-end" />}
      </button>
    </li>
  )
}, isSameEvent)

/** What tests and deep links find an event by. */
export const idAttribute = (event: GridEvent) => {
  switch (event.kind) {
    case 'appointment':
      return { 'data-appointment-id': event.appointment.id }
    case 'google':
      return { 'data-google-event-id': event.occurrence.googleEventId }
    case 'busy':
      return { 'data-busy-id': event.busy.id }
    case 'hold':
      return { 'data-hold-id': event.hold.id }
  }
}

/** One line below 40 px, as in the other views; half an hour is 28 px. */
export const layoutOf = (minutes: number) => ((minutes / 30) * 28 < 40 ? 'short' : 'tall')
