import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Card, CardHeader } from '#components/ui/card.tsx'
import { saveMyCalendars } from '#lib/connection/mine/actions.ts'
import type { BusyCalendar } from '#lib/connection/schema.ts'
import { OfferNote } from '../offer/offer-note.tsx'
import type { Offer } from '../offer/use-offer.ts'
import { useSaving } from '../use-saving.ts'
import { BusyForm, BusyRowItem } from './busy-form.tsx'
import { type BusyRow, rowsOf } from './busy-rows.ts'

type MyBusyCardProps = {
  saved: BusyCalendar[]
  /** A calendar for appointments blocks time as well. */
  hasOwn: boolean
  timeZone: string
  offer: Offer
  load: () => void
}

/** While Google cannot be reached, calendars that block can still be unticked. */
export const MyBusyCard = ({ saved, hasOwn, timeZone, offer, load }: MyBusyCardProps) => {
  const rows = rowsOf(offer.state === 'loaded' ? offer.toBlock : null, saved)
  const border = rows.length > 0 ? 'border-b border-line' : undefined
  return (
    <Card labelledBy="busy">
      <CardHeader
        id="busy"
        title="Calendars that block your time"
        lead="While one of them shows you as busy, you are busy here. Others see only that, never why."
      />
      <OfferNote offer={offer} load={load} whose="member" className={border} />
      {rows.length > 0 && <MyBusyForm rows={rows} hasOwn={hasOwn} timeZone={timeZone} />}
    </Card>
  )
}

type MyBusyFormProps = Pick<MyBusyCardProps, 'hasOwn' | 'timeZone'> & { rows: BusyRow[] }

const MyBusyForm = ({ rows, hasOwn, timeZone }: MyBusyFormProps) => {
  const router = useRouter()
  /** What the member ticked or unticked since the last save. */
  const [edits, setEdits] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [done, setDone] = useState('')
  const { pending, refused, save, setRefused } = useSaving()
  const isTicked = ({ id, saved }: BusyRow) => edits.get(id) ?? saved !== null
  const toggle = (row: BusyRow) => {
    setEdits(new Map(edits).set(row.id, !isTicked(row)))
    setRefused(null)
    setDone('')
  }
  const submit = () => {
    const calendarIds = rows.filter(isTicked).map(({ id }) => id)
    save(
      () => saveMyCalendars({ calendarIds }),
      ({ calendars }) => {
        setDone(savedSentence(calendars, hasOwn))
        router.refresh()
      },
    )
  }
  const nothingYet = !hasOwn && rows.every(({ saved }) => saved === null) && edits.size === 0
  const note = done || (nothingYet ? 'Nothing blocks your time until you save.' : '')
  return (
    <BusyForm pending={pending} refused={refused} note={note} onSave={submit}>
      {rows.map((row) => (
        <BusyRowItem
          key={row.id}
          row={row}
          label={`Blocks my time: ${row.name}`}
          ticked={isTicked(row)}
          timeZone={timeZone}
          onToggle={() => toggle(row)}
        />
      ))}
    </BusyForm>
  )
}

const savedSentence = (calendars: number, hasOwn: boolean) => {
  if (calendars === 0)
    return hasOwn ? 'Saved. No other calendar blocks your time.' : 'Saved. No calendar blocks your time.'
  return calendars === 1 ? 'Saved. 1 calendar blocks your time.' : `Saved. ${calendars} calendars block your time.`
}
