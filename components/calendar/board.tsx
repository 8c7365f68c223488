'use client'
import dynamic from 'next/dynamic'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Temporal } from 'temporal-polyfill'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useToast } from '#components/ui/toast.tsx'
import type { CalendarSetup } from '#lib/appointments/loaders.ts'
import type { Appointment } from '#lib/appointments/schema.ts'
import { type Means, type MoveTo, moveAppointment } from './changes.ts'
import { Dialogs, type OpenDialog } from './dialogs.tsx'
import { forStaff, type Shown } from './event-inputs.ts'
import type { Drawn } from './grid.tsx'
import { GridSkeleton } from './grid-skeleton.tsx'
import { movedByKey } from './keyboard.ts'
import { newTimes } from './new-times.ts'
import { Notices, ZoneNotice } from './notices.tsx'
import { QueryProvider } from './query-provider.tsx'
import { StaffFilter } from './staff-filter.tsx'
import { Toolbar } from './toolbar.tsx'
import { useAppointments } from './use-appointments.ts'
import { useCommands } from './use-commands.ts'
import { useNavigation } from './use-navigation.ts'
import { visibleRange } from './views.ts'

const Grid = dynamic(() => import('./grid.tsx'), { ssr: false, loading: GridSkeleton })

export type BoardProps = {
  setup: CalendarSetup
  /** Today in the business's zone, as the server saw it. */
  today: string
  /** Whether the server took the browser for a phone's. */
  phone: boolean
  /** An appointment that the address names. */
  named: Appointment | null
}

export const Board = (props: BoardProps) => (
  <QueryProvider>
    <BoardOfRange {...props} />
  </QueryProvider>
)

const BoardOfRange = ({ setup, today, phone, named }: BoardProps) => {
  const { timeZone: zone, openingHours, defaultMinutes } = setup
  const navigation = useNavigation({ zone, today, phone })
  const { state, view, date, fix } = navigation
  const range = useMemo(() => visibleRange(view, date), [view, date])
  const found = useAppointments(range)
  const { staff } = state
  const { appointments, occurrences } = useMemo(
    () => forStaff({ appointments: found.appointments, occurrences: found.occurrences }, staff),
    [found.appointments, found.occurrences, staff],
  )
  const members = useMemo(() => new Map(setup.members.map((member) => [member.id, member])), [setup.members])
  const seen = useMemo(() => ({ zone, members }), [zone, members])
  const { dialog, open, close } = useDialog()
  const toast = useToast()
  const means: Means = useMemo(
    () => ({ zone, toast, onClash: (refused) => open({ kind: 'clash', refused }) }),
    [zone, toast, open],
  )
  const openNew = useCallback(
    (times?: { start: string; end: string }) => {
      const { start, end } =
        times ?? newTimes(date, Temporal.Now.instant(), { zone, openingHours, minutes: defaultMinutes })
      open({
        kind: 'form',
        target: { kind: 'new', id: crypto.randomUUID(), start, end, assigneeIds: state.staff },
      })
    },
    [date, zone, openingHours, defaultMinutes, state.staff, open],
  )
  useNamed({
    named,
    isNew: state.isNew,
    openNew,
    open,
    forget: () => fix({ appointment: null, isNew: false }),
  })
  useCommands({ navigation, openNew: () => openNew(), openKeys: () => open({ kind: 'keys' }) })

  const onOpen = (shown: Shown) =>
    open(
      shown.kind === 'google'
        ? { kind: 'google', occurrence: shown.occurrence }
        : { kind: 'form', target: { kind: 'existing', appointment: shown.appointment } },
    )
  const onDraw = ({ start, end, allDay }: Drawn) =>
    allDay
      ? openNew(
          newTimes(start.slice(0, 10), Temporal.Now.instant(), {
            zone,
            openingHours,
            minutes: defaultMinutes,
          }),
        )
      : openNew({ start: utc(start), end: utc(end) })
  const onMove = (appointment: Appointment, to: MoveTo) => void moveAppointment(appointment, utcOf(to), means)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-appointment-id]')?.dataset
      .appointmentId
    const appointment = appointments.find((each) => each.id === id)
    const to = appointment && movedByKey(appointment, event, zone)
    if (!to) return
    event.preventDefault()
    onMove(appointment, to)
  }
  const clashing = appointments.filter(({ clashes }) => clashes.length > 0)
  return (
    <div className="flex h-[calc(100dvh-6.5rem-env(safe-area-inset-bottom))] min-h-[30rem] flex-col md:h-[calc(100dvh-2.5rem)]">
      <Toolbar
        view={view}
        date={date}
        onView={navigation.show}
        onStep={navigation.step}
        onToday={navigation.toToday}
        onNew={() => openNew()}
      >
        <StaffFilter
          members={setup.members.filter(({ active }) => active)}
          chosen={state.staff}
          onChange={navigation.showStaff}
        />
      </Toolbar>
      <ZoneNotice zone={zone} />
      <Notices
        error={found.error}
        stale={found.data !== undefined}
        pendingCount={found.pendingCount}
        onRetry={() => void found.refetch()}
      />
      {clashing.length > 0 && (
        <ClashCount
          clashing={clashing}
          onOpen={(appointment) => onOpen({ kind: 'appointment', appointment })}
        />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys reach it from the events inside */}
      <div className="mt-3 min-h-0 grow md:mt-4" onKeyDown={onKeyDown}>
        <Grid
          {...{ view, date, zone, openingHours, appointments, occurrences, seen, onOpen, onDraw, onMove }}
        />
      </div>
      <Dialogs {...{ dialog, setup, seen, means, onClose: close }} />
    </div>
  )
}

const utc = (text: string) => Temporal.Instant.from(text).toString()
const utcOf = ({ start, end }: MoveTo) => ({ start: utc(start), end: utc(end) })

/** One dialog at a time; when it closes, the focus goes back to where it came from. */
const useDialog = () => {
  const [dialog, setDialog] = useState<OpenDialog | null>(null)
  const opener = useRef<HTMLElement | null>(null)
  const open = useCallback((next: OpenDialog) => {
    opener.current = document.activeElement as HTMLElement | null
    setDialog(next)
  }, [])
  const close = useCallback((appointmentId?: string) => {
    setDialog(null)
    requestAnimationFrame(() => focusAgain(opener.current, appointmentId))
  }, [])
  return { dialog, open, close }
}

/** What opened the dialog may be gone, or was only a place on the grid: then the appointment itself. */
const focusAgain = (opener: HTMLElement | null, appointmentId?: string) => {
  const element = document.querySelector<HTMLElement>(`[data-appointment-id="${appointmentId}"]`)
  const back = opener?.isConnected && opener !== document.body ? opener : element
  back?.focus()
}

type NamedProps = {
  named: Appointment | null
  isNew: boolean
  openNew: () => void
  open: (dialog: OpenDialog) => void
  forget: () => void
}

/** Opens what the address asks for, once. */
const useNamed = ({ named, isNew, openNew, open, forget }: NamedProps) => {
  const done = useRef<string | null>(null)
  useEffect(() => {
    const asked = named?.id ?? (isNew ? 'new' : null)
    if (asked === null) done.current = null
    if (asked === null || done.current === asked) return
    done.current = asked
    if (named) open({ kind: 'form', target: { kind: 'existing', appointment: named } })
    else openNew()
    forget()
  }, [named, isNew, openNew, open, forget])
}

type ClashCountProps = { clashing: readonly Appointment[]; onOpen: (appointment: Appointment) => void }

const ClashCount = ({ clashing, onOpen }: ClashCountProps) => (
  <p role="status" className="mt-2 flex items-center gap-2 text-sm text-bad">
    <Icon name="warning" className="size-3.5" />
    {clashing.length === 1 ? 'One appointment clashes.' : `${clashing.length} appointments clash.`}
    <Button
      tone="quiet"
      className="!h-8 !px-2 text-bad underline md:!h-6"
      onClick={() => clashing[0] && onOpen(clashing[0])}
    >
      Show {clashing.length === 1 ? 'it' : 'the first'}
    </Button>
  </p>
)
