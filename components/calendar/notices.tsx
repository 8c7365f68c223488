'use client'
import { useSyncExternalStore } from 'react'
import { Temporal } from 'temporal-polyfill'
import { Button } from '#components/ui/button.tsx'
import { Note } from '#components/ui/note.tsx'
import { CalendarRefused } from '#lib/appointments/cache.ts'
import type { useAppointments } from './use-appointments.ts'

const subscribeOnline = (changed: () => void) => {
  window.addEventListener('online', changed)
  window.addEventListener('offline', changed)
  return () => {
    window.removeEventListener('online', changed)
    window.removeEventListener('offline', changed)
  }
}

export const useOnline = () =>
  useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  )

type NoticesProps = {
  found: ReturnType<typeof useAppointments>
  /** How many events the first import from Google has read; null when none is under way. */
  imported: number | null
}

/** What is not as it should be, one sentence each, and the way on. */
export const Notices = ({ found, imported }: NoticesProps) => {
  const { error, data, pending, refetch } = found
  const count = pending.changes.length
  const online = useOnline()
  if (!online) return <Cut what="You are offline." count={count} />
  if (pending.held === 'signed-out' || (error instanceof CalendarRefused && error.code === 'signed-out'))
    return <SignedOut count={count} />
  if (pending.held === 'no-connection') return <Cut what="The calendar cannot be reached." count={count} />
  if (!error) return imported === null ? null : <Importing imported={imported} />
  return (
    <Note
      tone="bad"
      role="alert"
      className="mt-3"
      action={<Button onClick={() => void refetch()}>Try again</Button>}
    >
      {data
        ? 'The calendar could not be read again: what you see may be out of date.'
        : 'The calendar could not be read.'}
    </Note>
  )
}

const changes = (count: number) => (count === 1 ? 'One change is' : `${count} changes are`)

const Cut = ({ what, count }: { what: string; count: number }) => (
  <Note tone="wait" role="status" className="mt-3">
    {what} You see what was loaded last.
    {count > 0 && ` ${changes(count)} kept, and will be sent when you are back.`}
  </Note>
)

/** Back to the very same view after signing in, where what is kept is sent. */
const SignedOut = ({ count }: { count: number }) => {
  const here = encodeURIComponent(window.location.pathname + window.location.search)
  return (
    <Note tone="bad" role="alert" className="mt-3">
      You are signed out.{' '}
      <a href={`/sign-in?callbackUrl=${here}`} className="underline">
        Sign in
      </a>{' '}
      to go on.{count > 0 && ` ${changes(count)} kept, and will be sent then.`}
    </Note>
  )
}

const Importing = ({ imported }: { imported: number }) => (
  <Note tone="wait" role="status" className="mt-3">
    Importing from Google: {imported.toLocaleString('en')} events so far. They appear here as they come; you
    can work meanwhile.
  </Note>
)

const cityOf = (zone: string) => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone

const nowhere = () => () => {}

/** Times are the business's, wherever the person looks from. Below the calendar, where there is room: nothing moves for it. */
export const ZoneNotice = ({ zone }: { zone: string }) => {
  const own = useSyncExternalStore(
    nowhere,
    () => Temporal.Now.timeZoneId(),
    () => zone,
  )
  if (offsetOf(own) === offsetOf(zone)) return null
  return (
    <p className="absolute inset-x-0 top-full truncate pt-px text-xs text-ink-2">
      Times are in {cityOf(zone)} time; you are in {cityOf(own)}.
    </p>
  )
}

/** Two names of the same clock are not worth a notice. */
const offsetOf = (zone: string) => Temporal.Now.zonedDateTimeISO(zone).offset
