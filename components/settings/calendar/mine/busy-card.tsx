'use client'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { join } from '#components/ui/join.ts'
import { Note } from '#components/ui/note.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { BusyCalendar } from '#lib/connection/mine/schema.ts'
import { ReconnectButton } from '../reconnect-button.tsx'
import { BusyForm } from './busy-form.tsx'
import { rowsOf } from './busy-rows.ts'
import { type Listed, useMyChoices } from './use-my-choices.ts'

type BusyCardProps = { saved: BusyCalendar[]; timeZone: string }

/** While Google cannot be reached, calendars that block can still be unticked. */
export const BusyCard = ({ saved, timeZone }: BusyCardProps) => {
  const { listed, reload } = useMyChoices()
  const rows = rowsOf(listed.state === 'loaded' ? listed.calendars : null, saved)
  return (
    <Card labelledBy="busy">
      <CardHeader
        id="busy"
        title="Calendars that block your time"
        lead="While one of them shows you as busy, you are busy here. Others see only that, never why."
      />
      <ListNote listed={listed} reload={reload} className={rows.length > 0 ? 'border-b border-line' : undefined} />
      {rows.length > 0 && <BusyForm rows={rows} timeZone={timeZone} />}
    </Card>
  )
}

type ListNoteProps = { listed: Listed; reload: () => void; className: string | undefined }

const ListNote = ({ listed, reload, className }: ListNoteProps) => {
  if (listed.state === 'loading')
    return (
      <div role="status" className={join('space-y-3 px-4 py-4 md:px-5', className)}>
        <p className="text-sm text-ink-2">Loading your calendars from Google…</p>
        <Skeleton className="h-9" />
        <Skeleton className="h-9" />
      </div>
    )
  if (listed.state === 'loaded' && listed.calendars.length > 0) return null
  const access = listed.state === 'failed' && ['revoked', 'scope-missing'].includes(listed.code)
  const again = <Button onClick={reload}>Try again</Button>
  return (
    <CardBody className={className}>
      <Note tone="bad" action={access ? <ReconnectButton whose="member" /> : again}>
        {listed.state === 'failed'
          ? listed.message
          : 'This account has no calendars. Create one in Google Calendar, then try again.'}
      </Note>
    </CardBody>
  )
}
