'use client'
import { useSyncExternalStore } from 'react'
import { Temporal } from 'temporal-polyfill'
import { minutesOfDay } from './column-layout.ts'

/** The current time across the columns, if `date` is today. */
export const NowLine = ({ date, zone }: { date: string; zone: string }) => {
  const minute = useSyncExternalStore(
    subscribe,
    () => minuteOn(date, zone),
    () => null,
  )
  if (minute === null) return null
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 z-10 -mt-px border-t-2 border-bad"
      style={{ top: `${(minute / minutesOfDay) * 100}%` }}
    />
  )
}

const subscribe = (changed: () => void) => {
  const timer = setInterval(changed, 15_000)
  return () => clearInterval(timer)
}

const minuteOn = (date: string, zone: string) => {
  const now = Temporal.Now.zonedDateTimeISO(zone)
  return now.toPlainDate().toString() === date ? now.hour * 60 + now.minute : null
}
