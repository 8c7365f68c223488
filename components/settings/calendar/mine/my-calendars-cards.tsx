'use client'
import type { BusyCalendar } from '#lib/connection/schema.ts'
import { MyBusyCard } from '../busy/my-busy-card.tsx'
import { useOffer } from '../offer/use-offer.ts'
import { MyAppointmentsCard } from './my-appointments-card.tsx'

type MyCalendarsCardsProps = {
  /** The calendar that gets the member's appointments. */
  current: { id: string; name: string } | null
  busy: BusyCalendar[]
  mayWrite: boolean
  /** The calendar that permission to write was asked for. */
  wanted: string | null
  changing: boolean
  timeZone: string
}

/** What the account is used for. Both choices are made from one list of Google. */
export const MyCalendarsCards = ({ current, busy, mayWrite, wanted, changing, timeZone }: MyCalendarsCardsProps) => {
  const { offer, load } = useOffer('member', 'loading')
  return (
    <>
      {(current === null || changing) && offer.state === 'loaded' && (
        <MyAppointmentsCard choices={offer.forAppointments} {...{ current, mayWrite, wanted }} />
      )}
      <MyBusyCard saved={busy} hasOwn={current !== null} timeZone={timeZone} offer={offer} load={load} />
    </>
  )
}
