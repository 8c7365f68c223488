'use client'
import { useMemo } from 'react'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { Todo } from '#lib/appointments/todo/schema.ts'
import { ClashCount } from './clash-count.tsx'
import { Dialogs } from './dialogs.tsx'
import { FirstWeek, hasStaticWeek, isDrawable } from './first-paint/first-week.tsx'
import { GridSkeleton } from './first-paint/grid-skeleton.tsx'
import { useIsFirstView } from './first-paint/use-is-first-view.ts'
import { GridFrame } from './grid/grid-frame.tsx'
import { useGestures } from './grid/use-gestures.ts'
import { StaffFilter } from './navigation/staff-filter.tsx'
import { Toolbar } from './navigation/toolbar.tsx'
import { useCommands } from './navigation/use-commands.ts'
import { useDeepLink } from './navigation/use-deep-link.ts'
import { useNavigation } from './navigation/use-navigation.ts'
import { Notices, ZoneNotice } from './notices.tsx'
import { type InitialRange, QueryProvider } from './query-provider.tsx'
import { TodoNotes } from './todo/todo-notes.tsx'
import { useDialog } from './use-dialog.ts'
import { useSameContent } from './use-same-content.ts'
import { useVisibleEvents } from './use-visible-events.ts'

type BoardProps = {
  setup: CalendarSetup
  /** What waits for a person, at the time of the request. */
  todo: Todo
  /** Today in the business's zone at the time of the request. */
  today: string
  /** Whether the user agent is a phone's. */
  isPhone: boolean
  /** The appointment in `?appointment=`. */
  deepLinked: Appointment | null
  /** Events read so far by the first import from Google; null if none is running. */
  imported: number | null
  /** Null if the browser has to fetch the first view. */
  initial: InitialRange | null
}

export const Board = (props: BoardProps) => (
  <QueryProvider initial={props.initial}>
    <BoardContent {...props} />
  </QueryProvider>
)

const BoardContent = (props: BoardProps) => {
  const { today, isPhone, deepLinked, imported, initial } = props
  const setup = useSameContent(props.setup)
  const { timeZone: zone, members, memberId: viewerId } = setup
  const navigation = useNavigation({ zone, today, isPhone })
  const { state, view, date, replaceUrl } = navigation
  const { staff } = state
  const { query, events: rows } = useVisibleEvents({ view, date, staff })
  const { appointments } = rows
  const display = useMemo(
    () => ({ zone, viewerId, members: new Map(members.map((member) => [member.id, member])) }),
    [zone, viewerId, members],
  )
  const { dialog, open, close } = useDialog({ refusals: query.outbox.refusals })
  const gestures = useGestures({ setup, members: display.members, date, staff, appointments, open })
  const { deps, openNew, onOpen, onSelect, onMove, onKeyDown } = gestures
  useDeepLink({
    ...{ deepLinked, isNew: state.isNew, openNew, open },
    // Keeps the appointment's date, which would otherwise become today.
    clearUrl: () => replaceUrl({ appointment: null, isNew: false, date: deepLinked ? date : state.date }),
  })
  useCommands({ navigation, openNew, openKeys: () => open({ kind: 'keys' }) })
  const isFirstView = useIsFirstView(navigation, isPhone)
  return (
    <div className="cal-board relative flex h-[calc(100dvh-6.5rem-env(safe-area-inset-bottom))] min-h-[30rem] flex-col md:h-[calc(100dvh-2.5rem)]">
      <Toolbar navigation={navigation} onNew={() => openNew()}>
        <StaffFilter members={members} chosen={staff} onChange={navigation.showStaff} />
      </Toolbar>
      {staff.length > 0 && <p className="hidden pt-1 print:block">Shown: {chosenNames(staff, members)}</p>}
      <Notices query={query} imported={imported} />
      {/* Reserves its line, so that nothing shifts when a clash appears. */}
      <div className="flex min-h-8 flex-wrap items-center gap-x-5 text-sm">
        <ClashCount appointments={appointments} onOpen={onOpen} />
        <TodoNotes initial={props.todo} onOpen={(kind) => open({ kind })} />
      </div>
      <GridFrame
        view={view}
        date={date}
        zone={zone}
        opening={setup}
        rows={rows}
        display={display}
        query={query}
        initial={initial}
        team={{ setup, staff, onNew: openNew }}
        placeholder={
          isFirstView && initial && hasStaticWeek(view) && isDrawable(rows) ? (
            <FirstWeek
              view={view}
              date={date}
              isPhone={isPhone}
              zone={zone}
              opening={setup}
              display={display}
              rows={rows}
            />
          ) : (
            <GridSkeleton />
          )
        }
        onOpen={onOpen}
        onSelect={onSelect}
        onMove={onMove}
        onKeyDown={onKeyDown}
      />
      <ZoneNotice zone={zone} />
      <Dialogs
        dialog={dialog}
        setup={setup}
        todo={props.todo}
        display={display}
        deps={deps}
        onBook={openNew}
        onClose={close}
      />
    </div>
  )
}

const chosenNames = (staff: readonly string[], members: CalendarSetup['members']) =>
  members
    .filter(({ id }) => staff.includes(id))
    .map(({ name }) => name)
    .join(', ') || 'no members'
