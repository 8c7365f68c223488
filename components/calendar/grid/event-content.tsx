import type { EventDisplayInfo } from '@fullcalendar/react'
import type { CSSProperties } from 'react'
import { Avatar } from '#components/appointment/avatar.tsx'
import { colourOf, edgeOf } from '#components/appointment/colours.ts'
import { appointmentLabel, clashSentence, occurrenceLabel } from '#components/appointment/describe.ts'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import type { Appointment, Occurrence, SyncMark } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { clockRange, shortClock } from '#lib/dates/format.ts'
import { type GridEvent, gridEventOf } from './grid-event.ts'

export type DisplayContext = { zone: string; members: ReadonlyMap<string, Member> }

/** The content of an event: one sentence for screen readers, parts for sighted users. */
export const EventContent = ({ info, display }: { info: EventDisplayInfo; display: DisplayContext }) => {
  const event = gridEventOf(info.event)
  // While it is dragged, FullCalendar's event has new times.
  const start = info.event.start?.toISOString()
  const end = info.event.end?.toISOString()
  if (!event) return <NewContent start={start} end={end} zone={display.zone} />
  const layout = layoutOf(info)
  if (event.kind === 'google' || !info.isMirror || !start || !end)
    return <GridEventContent event={event} layout={layout} display={display} />
  return (
    <AppointmentContent appointment={{ ...event.appointment, start, end }} layout={layout} display={display} isMoving />
  )
}

type GridEventContentProps = { event: GridEvent; layout: Layout; display: DisplayContext }

export const GridEventContent = ({ event, layout, display }: GridEventContentProps) =>
  event.kind === 'google' ? (
    <GoogleContent occurrence={event.occurrence} layout={layout} zone={display.zone} />
  ) : (
    <AppointmentContent appointment={event.appointment} layout={layout} display={display} />
  )

const NewContent = ({ start, end, zone }: { start?: string; end?: string; zone: string }) => (
  <div className="px-2 py-1 text-xs font-semibold tabular-nums">
    {start && end ? clockRange(start, end, zone) : 'New appointment'}
  </div>
)

export type Layout = 'row' | 'list' | 'short' | 'tall'

const layoutOf = ({ view, isShort, event }: EventDisplayInfo): Layout => {
  if (view.type.startsWith('list') || view.type === 'agenda') return 'list'
  if (view.type === 'dayGridMonth' || event.allDay) return 'row'
  return isShort ? 'short' : 'tall'
}

type AppointmentContentProps = {
  appointment: Appointment
  layout: Layout
  display: DisplayContext
  isMoving?: boolean
}

const AppointmentContent = ({ appointment, layout, display, isMoving = false }: AppointmentContentProps) => {
  const { zone, members } = display
  const assignees = appointment.assigneeIds.flatMap((id) => members.get(id) ?? [])
  const colours = assignees.map(({ colour }) => colourOf(colour))
  const style = {
    '--c': colours[0] ?? colourOf(undefined),
    '--edge': edgeOf(colours),
  } as CSSProperties
  const clash = clashSentence(appointment.clashes)
  const parts = { appointment, zone, assignees, clash }
  return (
    <div
      style={style}
      className={join('event-appointment', `event-${layout}`, clash && 'event-clash')}
      data-removed={appointment.removedInGoogle || undefined}
      title={[appointment.title, clockRange(appointment.start, appointment.end, zone), clash]
        .filter(Boolean)
        .join('\n')}
    >
      <span className="sr-only">{appointmentLabel(appointment, display)}</span>
      <div aria-hidden="true" className="event-parts">
        {isMoving && layout !== 'row' ? (
          <MovingParts appointment={appointment} zone={zone} />
        ) : layout === 'tall' ? (
          <TallParts {...parts} />
        ) : (
          <LineParts {...parts} layout={layout} />
        )}
      </div>
    </div>
  )
}

const firstName = ({ name }: Member) => name.split(' ')[0] ?? name
const firstNames = (assignees: readonly Member[]) => assignees.map(firstName).join(', ')

type Parts = { appointment: Appointment; zone: string; assignees: Member[]; clash: string }

/** While it is moved or resized: its new times first. */
const MovingParts = ({ appointment, zone }: { appointment: Appointment; zone: string }) => (
  <div className="event-moving">
    <b>{clockRange(appointment.start, appointment.end, zone)}</b>
    <span>{appointment.title}</span>
  </div>
)

/** Each word in its own element, so that narrow columns can put each on its own line. */
const Title = ({ text }: { text: string }) => (
  <span className="event-title">
    {text.split(/\s+/).map((word, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the words of a title have no other identity
      <span key={at} className="event-word">
        {word}{' '}
      </span>
    ))}
  </span>
)

const Avatars = ({ of, most }: { of: readonly Member[]; most: number }) =>
  of.slice(0, most).map((member) => <Avatar key={member.id} member={member} />)

const TallParts = ({ appointment, zone, assignees, clash }: Parts) => {
  const { customerName, location, start, end, sync } = appointment
  const where = [firstNames(assignees), customerName, location].filter(Boolean).join(' · ')
  return (
    <>
      <span className="event-marks">
        <Avatars of={assignees} most={1} />
        {clash ? <Icon name="warning" className="size-3.5 text-bad" /> : <SyncGlyph sync={sync} />}
      </span>
      <Title text={appointment.title} />
      {clash && <span className="event-alarm">{clash}</span>}
      {where && <span className="event-more truncate">{where}</span>}
      <span className="event-more truncate tabular-nums">
        {clockRange(start, end, zone, false)} <SyncGlyph sync={sync} />
      </span>
      {sync.state !== 'in-google' && sync.state !== 'none' && (
        <span className={sync.state === 'needs-attention' ? 'event-alarm' : 'event-more'}>
          {sync.state === 'saving' ? 'saving to Google' : sync.why}
        </span>
      )}
    </>
  )
}

const LineParts = ({ appointment, zone, assignees, clash, layout }: Parts & { layout: Layout }) => (
  <>
    <LineTime start={appointment.start} end={appointment.end} zone={zone} layout={layout} />
    {layout === 'short' ? (
      <span className="event-fit">
        <b className="event-title">{appointment.title}</b>
        <span className="event-more tabular-nums">{clockRange(appointment.start, appointment.end, zone, false)}</span>
      </span>
    ) : (
      <b className="event-title">{appointment.title}</b>
    )}
    {layout === 'list' && (
      <span className="event-more">
        {[firstNames(assignees), appointment.customerName, appointment.location].filter(Boolean).join(' · ')}
      </span>
    )}
    {layout === 'list' && clash && <span className="event-alarm">{clash}</span>}
    <span className="event-ends">
      {layout !== 'list' && <Avatars of={assignees} most={1} />}
      {clash && <Icon name="warning" className="size-3 text-bad" />}
      {(layout !== 'row' || appointment.sync.state !== 'in-google') && !clash && <SyncGlyph sync={appointment.sync} />}
    </span>
  </>
)

type LineTimeProps = { start: string; end: string; zone: string; layout: Layout }

const LineTime = ({ start, end, zone, layout }: LineTimeProps) => {
  if (layout === 'list') return <span className="event-time">{clockRange(start, end, zone)}</span>
  if (layout === 'row') return <span className="event-more tabular-nums max-md:hidden">{shortClock(start, zone)}</span>
  return null
}

const glyphs: Record<SyncMark['state'], { icon: 'check' | 'refresh' | 'clock' | 'warning'; tone: string } | null> = {
  none: null,
  'in-google': { icon: 'check', tone: 'text-ink-2' },
  saving: { icon: 'refresh', tone: 'text-ink-2' },
  waiting: { icon: 'clock', tone: 'text-wait' },
  'needs-attention': { icon: 'warning', tone: 'text-bad' },
}

const SyncGlyph = ({ sync }: { sync: SyncMark }) => {
  const glyph = glyphs[sync.state]
  return glyph && <Icon name={glyph.icon} className={join('inline size-3 align-[-1px]', glyph.tone)} />
}

type GoogleContentProps = { occurrence: Occurrence; layout: Layout; zone: string }

const GoogleContent = ({ occurrence, layout, zone }: GoogleContentProps) => {
  const { start, end, allDay, blocks } = occurrence
  return (
    <div className={join('event-google', `event-${layout}`, !blocks && 'event-free')} title={occurrence.title}>
      <span className="sr-only">{occurrenceLabel(occurrence, zone)}</span>
      <div aria-hidden="true" className="event-parts">
        {layout === 'tall' && <Icon name="lock" className="event-lock" />}
        {allDay
          ? layout === 'list' && <span className="event-time">all day</span>
          : layout !== 'tall' && <LineTime start={start} end={end} zone={zone} layout={layout} />}
        {layout === 'tall' ? (
          <Title text={occurrence.title} />
        ) : (
          <span className={layout === 'list' ? 'contents' : 'event-fit'}>
            <span className="event-title">{occurrence.title}</span>
            {!blocks && <span className="event-more">· free</span>}
          </span>
        )}
        {!blocks && layout === 'tall' && <span className="event-more">free</span>}
        {layout === 'tall' && (
          <span className="event-more block tabular-nums">{clockRange(start, end, zone, false)}</span>
        )}
        {layout !== 'tall' && <Icon name="lock" className="ml-auto size-3 shrink-0" />}
      </div>
    </div>
  )
}
