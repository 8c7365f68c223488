'use client'
import { useSyncExternalStore } from 'react'
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

type NoticesProps = { found: ReturnType<typeof useAppointments> }

/** What is not as it should be, one sentence each, and the way on. */
export const Notices = ({ found }: NoticesProps) => {
  const { error, data, pendingCount, refetch } = found
  const online = useOnline()
  if (!online) return <Offline pendingCount={pendingCount} />
  if (error instanceof CalendarRefused && error.code === 'signed-out')
    return (
      <Note tone="bad" role="alert" className="mt-3">
        You are signed out.{' '}
        <a href="/sign-in?callbackUrl=/calendar" className="underline">
          Sign in
        </a>{' '}
        to go on.
      </Note>
    )
  if (!error) return null
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

const Offline = ({ pendingCount }: { pendingCount: number }) => (
  <Note tone="wait" role="status" className="mt-3">
    You are offline. You see what was loaded last
    {pendingCount > 0
      ? `, and ${pendingCount} ${pendingCount === 1 ? 'change' : 'changes'} will be sent when you are back.`
      : '.'}
  </Note>
)

const cityOf = (zone: string) => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone

const nowhere = () => () => {}

/** Times are the business's, wherever the person looks from. */
export const ZoneNotice = ({ zone }: { zone: string }) => {
  const own = useSyncExternalStore(
    nowhere,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => zone,
  )
  if (offsetOf(own) === offsetOf(zone)) return null
  return (
    <p className="text-ink-2">
      Times are in {cityOf(zone)} time; you are in {cityOf(own)}.
    </p>
  )
}

/** Two names of the same clock are not worth a notice. */
const offsetOf = (zone: string) =>
  new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value
