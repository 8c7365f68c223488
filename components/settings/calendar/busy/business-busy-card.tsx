'use client'
import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { saveBusinessBusyCalendars } from '#lib/connection/actions.ts'
import type { BusyCalendar } from '#lib/connection/schema.ts'
import { OfferNote } from '../offer/offer-note.tsx'
import { useOffer } from '../offer/use-offer.ts'
import { useSaving } from '../use-saving.ts'
import { type Blocked, blockedBy, toggleEveryone, toggleMember, wishOf } from './blocked.ts'
import { BusyForm, BusyRowItem } from './busy-form.tsx'
import { type BusyRow, rowsOf } from './busy-rows.ts'

type Person = { id: string; name: string }
type BusinessBusyCardProps = { saved: BusyCalendar[]; team: Person[]; timeZone: string }

/** Few businesses need it, so Google's list is read when it is asked for. */
export const BusinessBusyCard = ({ saved, team, timeZone }: BusinessBusyCardProps) => {
  const { offer, load } = useOffer('business', 'waiting')
  const rows = rowsOf(offer.state === 'loaded' ? offer.toBlock : null, saved)
  return (
    <Card labelledBy="shared-busy">
      <CardHeader
        id="shared-busy"
        title="Other calendars that block time"
        lead="Such as a roster or public holidays. Their events show here, locked, and Sophiie writes nothing to them."
      />
      <OfferNote offer={offer} load={load} whose="business" className={rows.length > 0 ? 'border-b border-line' : ''} />
      {rows.length > 0 && (
        <BusinessBusyForm
          {...{ rows, team, timeZone }}
          more={offer.state === 'waiting' && <Button onClick={load}>Add calendars</Button>}
        />
      )}
      {rows.length === 0 && offer.state === 'waiting' && (
        <CardFooter className="border-t-0">
          <Button onClick={load}>Choose calendars</Button>
        </CardFooter>
      )}
    </Card>
  )
}

type BusinessBusyFormProps = { rows: BusyRow[]; team: Person[]; timeZone: string; more: ReactNode }

const BusinessBusyForm = ({ rows, team, timeZone, more }: BusinessBusyFormProps) => {
  const router = useRouter()
  const [edits, setEdits] = useState<ReadonlyMap<string, Blocked>>(new Map())
  const [done, setDone] = useState('')
  const { pending, refused, save, setRefused } = useSaving()
  const blockedOf = ({ id, saved }: BusyRow) => edits.get(id) ?? blockedBy(saved)
  const change = (row: BusyRow, blocked: Blocked) => {
    setEdits(new Map(edits).set(row.id, blocked))
    setRefused(null)
    setDone('')
  }
  const submit = () => {
    const calendars = rows.flatMap((row) => {
      const wish = wishOf(blockedOf(row))
      return wish ? [{ calendarId: row.id, ...wish }] : []
    })
    save(
      () => saveBusinessBusyCalendars({ calendars }),
      (result) => {
        setDone(savedSentence(result.calendars))
        router.refresh()
      },
    )
  }
  return (
    <BusyForm pending={pending} refused={refused} note={done} onSave={submit} more={more}>
      {rows.map((row) => {
        const blocked = blockedOf(row)
        return (
          <BusyRowItem
            key={row.id}
            row={row}
            label={`Blocks everyone: ${row.name}`}
            ticked={typeof blocked === 'string' ? blocked === 'everyone' : 'some'}
            timeZone={timeZone}
            onToggle={() => change(row, toggleEveryone(blocked))}
          >
            {team.length > 1 && row.disabledBecause === null && (
              <SomeOfTheTeam
                name={row.name}
                blocked={blocked}
                team={team}
                onToggle={(id) => change(row, toggleMember(blocked, id))}
              />
            )}
          </BusyRowItem>
        )
      })}
    </BusyForm>
  )
}

type SomeOfTheTeamProps = { name: string; blocked: Blocked; team: Person[]; onToggle: (memberId: string) => void }

/** Offered once the calendar blocks everyone: those who are blocked instead. */
const SomeOfTheTeam = ({ name, blocked, team, onToggle }: SomeOfTheTeamProps) => {
  const some = typeof blocked !== 'string'
  const [opened, setOpened] = useState(false)
  const open = opened || some
  return (
    <div className="w-full pl-[30px]">
      {!open && blocked === 'everyone' && (
        <Button size="small" onClick={() => setOpened(true)} aria-label={`Only some members: ${name}`}>
          Only some members
        </Button>
      )}
      {open && (
        <fieldset>
          <legend className="sr-only">{`Whom ${name} blocks`}</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-1">
            {team.map((person) => (
              <label key={person.id} className="flex cursor-pointer items-center gap-2 py-1.5">
                <input
                  type="checkbox"
                  checked={some && blocked.has(person.id)}
                  onChange={() => onToggle(person.id)}
                  aria-label={`Blocks ${person.name}: ${name}`}
                  className="block size-4 shrink-0"
                />
                {person.name}
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </div>
  )
}

const savedSentence = (calendars: number) => {
  if (calendars === 0) return 'Saved. No other calendar blocks time.'
  return calendars === 1 ? 'Saved. 1 other calendar blocks time.' : `Saved. ${calendars} other calendars block time.`
}
