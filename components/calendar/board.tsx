'use client'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { takeRefusal } from '#components/appointment/outbox.ts'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import { ClashCount } from './clash-count.tsx'
import { Dialogs } from './dialogs.tsx'
import { GridSkeleton } from './first-paint/grid-skeleton.tsx'
import { lanesOf } from './grid/columns.ts'
import { forStaff } from './grid/grid-event.ts'
import { useGestures } from './grid/use-gestures.ts'
import { useGrid } from './grid/use-grid.ts'
import { useKeepFocus } from './grid/use-keep-focus.ts'
import { useWidth } from './grid/use-width.ts'
import { StaffFilter } from './navigation/staff-filter.tsx'
import { Toolbar } from './navigation/toolbar.tsx'
import { useCommands } from './navigation/use-commands.ts'
import { useDeepLink } from './navigation/use-deep-link.ts'
import { useNavigation } from './navigation/use-navigation.ts'
import { visibleRange } from './navigation/views.ts'
import { Notices, ZoneNotice } from './notices.tsx'
import { Progress } from './progress.tsx'
import { type Known, QueryProvider } from './query-provider.tsx'
import { useAppointments, useReadAgain } from './use-appointments.ts'
import { useDialog } from './use-dialog.ts'
import { useOutboxRefusals } from './use-outbox-refusals.ts'

export type BoardProps = {
  setup: CalendarSetup
  /** Today in the business's zone, as the server saw it. */
  today: string
  /** Whether the server took the browser for a phone's. */
  phone: boolean
  /** An appointment that the address names. */
  named: Appointment | null
  /** How many events the first import from Google has read; null when none is under way. */
  imported: number | null
  /** What the server has read for the first view; null when that is for the page to do. */
  known: Known | null
  /** The first view, as the server has drawn it. */
  sketch: ReactNode
}

/** The calendar: where one is, what is there, and everything that can be done with it. */
export const Board = (props: BoardProps) => (
  <QueryProvider known={props.known}>
    <BoardOfRange {...props} />
  </QueryProvider>
)

const BoardOfRange = ({ setup, today, phone, named, imported, known, sketch }: BoardProps) => {
  const { timeZone: zone } = setup
  const navigation = useNavigation({ zone, today, phone })
  const { state, view, date, fix } = navigation
  const { staff, isNew } = state
  const range = useMemo(() => visibleRange(view, date), [view, date])
  const found = useAppointments(range)
  const { appointments, occurrences } = useMemo(
    () => forStaff({ appointments: found.appointments, occurrences: found.occurrences }, staff),
    [found.appointments, found.occurrences, staff],
  )
  const members = useMemo(() => new Map(setup.members.map((member) => [member.id, member])), [setup.members])
  const seen = useMemo(() => ({ zone, members }), [zone, members])
  const { dialog, open, close } = useDialog()
  useOutboxRefusals({ memberId: setup.memberId, refusals: found.pending.refusals, dialog, open })
  const onClose = (appointmentId?: string) => {
    if (dialog?.refusalKey) takeRefusal(dialog.refusalKey)
    close(appointmentId)
  }
  const gestures = useGestures({ setup, date, staff, appointments, open })
  const { deps, openNew, onOpen, onDraw, onMove, onKeyDown } = gestures
  // The date stays: it was the named appointment's, and would be today's without it.
  const forget = () => fix({ appointment: null, isNew: false, date: named ? date : state.date })
  useDeepLink({ named, isNew, openNew, open, forget })
  useKeepFocus(appointments)
  // Known before the grid is drawn, which would be drawn a second time for it.
  const frame = useRef<HTMLDivElement>(null)
  const lanes = lanesOf(view, useWidth(frame, 984))
  const { Grid, settled } = useGrid()
  useReadAgain(known, settled)
  const shownNow = `${view} ${date} ${staff}`
  const [sketched] = useState(`${state.view ?? (phone ? 'day' : 'week')} ${date} ${staff}`)
  useCommands({ navigation, openNew, openKeys: () => open({ kind: 'keys' }) })
  return (
    <div className="cal-board relative flex h-[calc(100dvh-6.5rem-env(safe-area-inset-bottom))] min-h-[30rem] flex-col md:h-[calc(100dvh-2.5rem)]">
      <Toolbar navigation={navigation} onNew={() => openNew()}>
        <StaffFilter members={setup.members} chosen={staff} onChange={navigation.showStaff} />
      </Toolbar>
      {staff.length > 0 && <p className="hidden pt-1 print:block">Shown: {namesOf(staff, setup.members)}</p>}
      <Notices found={found} imported={imported} />
      {/* Its line is there from the start: what is told in it may come with the appointments, and nothing may jump. */}
      <div className="flex min-h-8 items-center text-sm">
        <ClashCount appointments={appointments} onOpen={onOpen} />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys reach it from the events inside */}
      <div ref={frame} data-view={view} className="relative min-h-0 grow" onKeyDown={onKeyDown}>
        <Progress found={found} />
        {!settled && ((shownNow === sketched && sketch) || <GridSkeleton />)}
        {Grid && (
          <Grid
            {...{ view, date, lanes, settled, zone, opening: setup }}
            {...{ appointments, occurrences, seen, onOpen, onDraw, onMove }}
          />
        )}
      </div>
      <ZoneNotice zone={zone} />
      <Dialogs {...{ dialog, setup, seen, deps, onClose }} />
    </div>
  )
}

const namesOf = (staff: readonly string[], members: CalendarSetup['members']) =>
  members
    .filter(({ id }) => staff.includes(id))
    .map(({ name }) => name)
    .join(', ') || 'nobody'
