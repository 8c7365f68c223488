import type { EventDisplayInfo } from '@fullcalendar/react'
import type { CSSProperties } from 'react'
import { Avatar } from '#components/appointment/avatar.tsx'
import { colourOf, edgeOf } from '#components/appointment/colours.ts'
import {
  appointmentLabel,
  busyLabel,
  busyTitle,
  heldSentence,
  holdLabel,
  occurrenceLabel,
  type Part,
  spanText,
  type Times,
  timesOfPart,
} from '#components/appointment/describe.ts'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import type { Appointment, BusyTime, Hold, Occurrence, SyncMark } from '#lib/appointments/schema.ts'
import type { Member } from '#lib/auth/schema.ts'
import { clashSentence } from '#lib/availability/clash.ts'
import { clockRange, shortClock } from '#lib/dates/format.ts'
import { type GridEvent, gridEventOf } from './grid-event.ts'

export type DisplayContext = { zone: string; members: ReadonlyMap<string, Member>; viewerId: string }

/** The content of an event: one sentence for screen readers, parts for sighted users. */
export const EventContent = ({ info, display }: { info: EventDisplayInfo; display: DisplayContext }) => {
  const event = gridEventOf(info.event)
  // While it is dragged, FullCalendar's event has new times.
  const start = info.event.start?.toISOString()
  const end = info.event.end?.toISOString()
  if (!event) return <NewContent start={start} end={end} zone={display.zone} />
  const layout = layoutOf(info)
  const part = { isStart: info.isStart, isEnd: info.isEnd }
  if (event.kind !== 'appointment' || !info.isMirror || !start || !end)
    return <GridEventContent event={event} layout={layout} part={part} display={display} />
  const appointment = { ...event.appointment, start, end }
  return <AppointmentContent appointment={appointment} layout={layout} part={part} display={display} isMoving />
}

type Placed = {
  layout: Layout
  part: Part
  /** The parsed times of a static drawing, which has neither a label nor a tooltip. */
  drawn?: Times
}

type GridEventContentProps = Placed & {
  event: GridEvent
  display: DisplayContext
  /** While an appointment is dragged, its new times come first. */
  isMoving?: boolean
}

export const GridEventContent = ({ event, display, isMoving, ...placed }: GridEventContentProps) => {
  switch (event.kind) {
    case 'google':
      return <GoogleContent {...placed} occurrence={event.occurrence} zone={display.zone} />
    case 'busy':
      return <BusyContent {...placed} busy={event.busy} display={display} />
    case 'hold':
      return <HoldContent {...placed} hold={event.hold} display={display} />
    case 'appointment':
      return <AppointmentContent {...placed} appointment={event.appointment} display={display} isMoving={isMoving} />
  }
}

const NewContent = ({ start, end, zone }: { start?: string; end?: string; zone: string }) => (
  <div className="px-2 py-1 text-xs font-semibold tabular-nums">
    {start && end ? spanText({ start, end }, zone) : 'New appointment'}
  </div>
)

export type Layout = 'row' | 'list' | 'short' | 'tall'

const layoutOf = ({ view, isShort, event }: EventDisplayInfo): Layout => {
  if (view.type.startsWith('list') || view.type === 'agenda') return 'list'
  if (view.type === 'dayGridMonth' || event.allDay) return 'row'
  return isShort ? 'short' : 'tall'
}

/** A row of the month is a week and not a day. */
const spokenPart = (part: Part, layout: Layout) => (layout === 'row' ? null : part)

/** The times as a day shows them; without am and pm unless `full`. */
const dayTimes = (span: Times, part: Part, zone: string, full = true) =>
  timesOfPart(span, part, zone) ?? clockRange(span.start, span.end, zone, full)

type AppointmentContentProps = Placed & { appointment: Appointment; display: DisplayContext; isMoving?: boolean }

const AppointmentContent = (props: AppointmentContentProps) => {
  const { appointment, layout, part, drawn, display, isMoving = false } = props
  const { zone, members } = display
  const assignees = appointment.assigneeIds.flatMap((id) => members.get(id) ?? [])
  const colours = assignees.map(({ colour }) => colourOf(colour))
  const style = {
    '--c': colours[0] ?? colourOf(undefined),
    '--edge': edgeOf(colours),
  } as CSSProperties
  const clash = clashSentence(appointment)
  const parts = { appointment, times: drawn ?? appointment, part, zone, assignees, clash }
  return (
    <div
      style={style}
      className={join(
        'event-appointment',
        `event-${layout}`,
        appointment.pending && 'event-pending',
        clash && 'event-clash',
      )}
      data-removed={appointment.removedInGoogle || undefined}
      title={drawn ? undefined : tooltipOf(appointment, zone)}
    >
      {!drawn && <span className="sr-only">{appointmentLabel(appointment, display, spokenPart(part, layout))}</span>}
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

const tooltipOf = (appointment: Appointment, zone: string) =>
  [
    appointment.title,
    spanText(appointment, zone),
    clashSentence(appointment),
    appointment.pending && 'Needs confirmation',
    appointment.byKey && 'Booked by Sophiie',
    appointment.series?.words,
  ]
    .filter(Boolean)
    .join('\n')

const firstName = ({ name }: Member) => name.split(' ')[0] ?? name
const firstNames = (assignees: readonly Member[]) => assignees.map(firstName).join(', ')

type Parts = {
  appointment: Appointment
  times: Times
  part: Part
  zone: string
  assignees: Member[]
  clash: string
}

/** While it is moved or resized: its new times first. */
const MovingParts = ({ appointment, zone }: { appointment: Appointment; zone: string }) => (
  <div className="event-moving">
    <b>{spanText(appointment, zone)}</b>
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

const TallParts = ({ appointment, times, part, zone, assignees, clash }: Parts) => {
  const { customerName, location, sync } = appointment
  const where = [firstNames(assignees), customerName, location].filter(Boolean).join(' · ')
  return (
    <>
      {appointment.byKey && <Icon name="headset" className="event-corner" />}
      <span className="event-marks">
        <Avatars of={assignees} most={1} />
        {clash ? (
          <Icon name="warning" className="size-3.5 text-bad" />
        ) : appointment.pending ? (
          <Icon name="help" className="size-3.5 text-wait" />
        ) : (
          <SyncGlyph sync={sync} />
        )}
        {appointment.series && <RepeatGlyph />}
      </span>
      <Title text={appointment.title} />
      {clash && <span className="event-alarm">{clash}</span>}
      {appointment.pending && <span className="event-open">Needs confirmation</span>}
      {where && <span className="event-more truncate">{where}</span>}
      <span className="event-more truncate tabular-nums">
        {dayTimes(times, part, zone, false)} <SyncGlyph sync={sync} /> {appointment.series && <RepeatGlyph />}
      </span>
      {sync.state !== 'in-google' && sync.state !== 'none' && (
        <span className={sync.state === 'needs-attention' ? 'event-alarm' : 'event-more'}>
          {sync.state === 'saving' ? 'saving to Google' : sync.why}
        </span>
      )}
    </>
  )
}

const LineParts = ({ appointment, times, part, zone, assignees, clash, layout }: Parts & { layout: Layout }) => (
  <>
    <LineTime span={times} part={part} zone={zone} layout={layout} />
    {layout === 'short' ? (
      <span className="event-fit">
        <b className="event-title">{appointment.title}</b>
        <span className="event-more tabular-nums">{dayTimes(times, part, zone, false)}</span>
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
    {layout === 'list' && appointment.pending && <span className="event-open">Needs confirmation</span>}
    {layout === 'list' && appointment.series && <span className="event-more">Repeats</span>}
    <span className="event-ends">
      {appointment.series && <RepeatGlyph />}
      {appointment.byKey && <Icon name="headset" className="size-3 text-ink-2" />}
      {appointment.pending && layout !== 'list' && <Icon name="help" className="size-3 text-wait" />}
      {layout !== 'list' && <Avatars of={assignees} most={1} />}
      {clash && <Icon name="warning" className="size-3 text-bad" />}
      {(layout !== 'row' || appointment.sync.state !== 'in-google') && !clash && <SyncGlyph sync={appointment.sync} />}
    </span>
  </>
)

type LineTimeProps = { span: Times; part: Part; zone: string; layout: Layout }

const LineTime = ({ span, part, zone, layout }: LineTimeProps) => {
  if (layout === 'list') return <span className="event-time">{dayTimes(span, part, zone)}</span>
  if (layout !== 'row' || !part.isStart) return null
  return <span className="event-more tabular-nums max-md:hidden">{shortClock(span.start, zone)}</span>
}

const glyphs: Record<SyncMark['state'], { icon: 'check' | 'refresh' | 'clock' | 'warning'; tone: string } | null> = {
  none: null,
  'in-google': { icon: 'check', tone: 'text-ink-2' },
  saving: { icon: 'refresh', tone: 'text-ink-2' },
  waiting: { icon: 'clock', tone: 'text-wait' },
  'needs-attention': { icon: 'warning', tone: 'text-bad' },
}

const RepeatGlyph = () => <Icon name="repeat" className="event-repeat inline size-3 align-[-1px] text-ink-2" />

const SyncGlyph = ({ sync }: { sync: SyncMark }) => {
  const glyph = glyphs[sync.state]
  return glyph && <Icon name={glyph.icon} className={join('inline size-3 align-[-1px]', glyph.tone)} />
}

type HoldContentProps = Placed & { hold: Hold; display: DisplayContext }

const HoldContent = ({ hold, layout, part, drawn, display }: HoldContentProps) => {
  const { zone, members } = display
  const held = hold.memberIds.flatMap((id) => members.get(id) ?? [])
  const sentence = heldSentence(hold, zone)
  const times = drawn ?? hold
  return (
    <div
      style={{ '--edge': edgeOf(held.map(({ colour }) => colourOf(colour))) } as CSSProperties}
      className={join('event-hold', `event-${layout}`)}
      title={drawn ? undefined : sentence}
    >
      {!drawn && <span className="sr-only">{holdLabel(hold, display, spokenPart(part, layout))}</span>}
      <div aria-hidden="true" className="event-parts">
        {layout === 'tall' && (
          <>
            <Icon name="headset" className="event-corner" />
            <span className="event-marks">
              <Avatars of={held} most={1} />
            </span>
          </>
        )}
        {layout !== 'tall' && <LineTime span={times} part={part} zone={zone} layout={layout} />}
        {layout === 'tall' ? (
          <Title text={sentence} />
        ) : (
          <span className={layout === 'list' ? 'contents' : 'event-fit'}>
            <span className="event-title">{sentence}</span>
          </span>
        )}
        {layout !== 'row' && layout !== 'short' && held.length > 0 && (
          <span className="event-more truncate">{firstNames(held)}</span>
        )}
        {layout === 'tall' && (
          <span className="event-more block tabular-nums">{dayTimes(times, part, zone, false)}</span>
        )}
        {layout !== 'tall' && <Icon name="headset" className="ml-auto size-3 shrink-0" />}
      </div>
    </div>
  )
}

type GoogleContentProps = Placed & { occurrence: Occurrence; zone: string }

const GoogleContent = ({ occurrence, zone, ...placed }: GoogleContentProps) => {
  const { title, blocks } = occurrence
  const label = occurrenceLabel(occurrence, zone, spokenPart(placed.part, placed.layout))
  return <LockedContent {...placed} span={occurrence} title={title} label={label} isFree={!blocks} zone={zone} />
}

type BusyContentProps = Placed & { busy: BusyTime; display: DisplayContext }

const BusyContent = ({ busy, display, ...placed }: BusyContentProps) => {
  const label = busyLabel(busy, display, spokenPart(placed.part, placed.layout))
  const edge = colourOf(display.members.get(busy.memberId)?.colour)
  return (
    <LockedContent
      {...placed}
      span={busy}
      title={busyTitle(busy, display)}
      label={label}
      edge={edge}
      zone={display.zone}
    />
  )
}

type LockedContentProps = Placed & {
  span: { start: string; end: string; allDay: boolean }
  title: string
  label: string
  isFree?: boolean
  /** The colour of the member whose time it is. */
  edge?: string
  zone: string
}

const LockedContent = (props: LockedContentProps) => {
  const { span, title, label, isFree = false, edge, layout, part, drawn, zone } = props
  const times = drawn ?? span
  return (
    <div
      style={edge ? ({ '--edge': edge } as CSSProperties) : undefined}
      className={join('event-google', `event-${layout}`, isFree && 'event-free', edge && 'event-busy')}
      title={drawn ? undefined : title}
    >
      {!drawn && <span className="sr-only">{label}</span>}
      <div aria-hidden="true" className="event-parts">
        {layout === 'tall' && <Icon name="lock" className="event-corner" />}
        {span.allDay
          ? layout === 'list' && <span className="event-time">all day</span>
          : layout !== 'tall' && <LineTime span={times} part={part} zone={zone} layout={layout} />}
        {layout === 'tall' ? (
          <Title text={title} />
        ) : (
          <span className={layout === 'list' ? 'contents' : 'event-fit'}>
            <span className="event-title">{title}</span>
            {isFree && <span className="event-more">· free</span>}
          </span>
        )}
        {isFree && layout === 'tall' && <span className="event-more">free</span>}
        {layout === 'tall' && (
          <span className="event-more block tabular-nums">{dayTimes(times, part, zone, false)}</span>
        )}
        {layout !== 'tall' && <Icon name="lock" className="ml-auto size-3 shrink-0" />}
      </div>
    </div>
  )
}
