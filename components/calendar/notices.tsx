'use client'
import { useSyncExternalStore } from 'react'
import { Temporal } from 'temporal-polyfill'
import { Button } from '#components/ui/button.tsx'
import { Note } from '#components/ui/note.tsx'
import { CalendarRefused } from '#lib/appointments/cache.ts'
import { locale } from '#lib/dates/locale.ts'
import type { CalendarQuery } from './use-appointments.ts'

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
  query: CalendarQuery
  /** Events read so far by the first import from Google; null if none is running. */
  imported: number | null
}

/** Problems with the connection, the sign-in or the data, and what to do about them. */
export const Notices = ({ query, imported }: NoticesProps) => {
  const { error, data, outbox, refetch } = query
  const count = outbox.changes.length
  const isOnline = useOnline()
  if (!isOnline) return <Disconnected reason="You are offline." count={count} />
  if (outbox.paused === 'signed-out' || (error instanceof CalendarRefused && error.code === 'signed-out'))
    return <SignedOut count={count} />
  if (outbox.paused === 'no-connection') return <Disconnected reason="The calendar cannot be reached." count={count} />
  if (outbox.paused === 'too-many-bookings') return <Limited count={count} />
  if (!error) return imported === null ? null : <Importing imported={imported} />
  return (
    <Note tone="bad" role="alert" className="mt-3" action={<Button onClick={() => void refetch()}>Try again</Button>}>
      {errorText(error, data !== undefined)}
    </Note>
  )
}

const errorText = (error: Error, hasData: boolean) => {
  if (error instanceof CalendarRefused && refusals.includes(error.code)) return error.message
  return hasData ? 'The calendar could not be refreshed and may be out of date.' : 'The calendar could not be loaded.'
}

/** Codes whose sentence says what to do. */
const refusals = ['too-many-occurrences', 'rate-limited']

const keptChanges = (count: number) => (count === 1 ? 'One change is kept' : `${count} changes are kept`)

const Disconnected = ({ reason, count }: { reason: string; count: number }) => (
  <Note tone="wait" role="status" className="mt-3">
    {reason} You see the last loaded version.
    {count > 0 && ` ${keptChanges(count)} and will be sent when you are back online.`}
  </Note>
)

const Limited = ({ count }: { count: number }) => (
  <Note tone="wait" role="status" className="mt-3">
    You have booked very often within an hour. {keptChanges(count)} and will be sent later.
  </Note>
)

/** Signing in returns to the same view, which sends the kept changes. */
const SignedOut = ({ count }: { count: number }) => {
  const here = encodeURIComponent(window.location.pathname + window.location.search)
  return (
    <Note tone="bad" role="alert" className="mt-3">
      You are signed out.{' '}
      <a href={`/sign-in?callbackUrl=${here}`} className="underline">
        Sign in
      </a>{' '}
      to continue.{count > 0 && ` ${keptChanges(count)} and will be sent then.`}
    </Note>
  )
}

const Importing = ({ imported }: { imported: number }) => (
  <Note tone="wait" role="status" className="mt-3">
    Importing from Google: {imported.toLocaleString(locale)} events so far. You can keep working while they appear here.
  </Note>
)

const cityOf = (zone: string) => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone

const noSubscription = () => () => {}

/**
 * Shown if the browser's zone differs from the business's, whose times the calendar shows. Placed
 * below the calendar in free space, so that nothing shifts.
 */
export const ZoneNotice = ({ zone }: { zone: string }) => {
  const own = useSyncExternalStore(
    noSubscription,
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

/** Zones with the same current offset need no notice. */
const offsetOf = (zone: string) => Temporal.Now.zonedDateTimeISO(zone).offset
