import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { Note } from '#components/ui/note.tsx'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import { syncMyCalendars } from '#lib/connection/mine/actions.ts'
import { myCalendar } from '#lib/connection/mine/loaders.ts'
import type { MyLinked } from '#lib/connection/mine/schema.ts'
import { ChangeCalendar } from '../change-calendar.tsx'
import { Importing, LinkedFacts } from '../linked-facts.tsx'
import { NotLinkedCard } from '../not-linked-card.tsx'
import { OpenItems } from '../open-items.tsx'
import { type Outcome, OutcomeNote } from '../outcome-note.tsx'
import { PermissionsCard } from '../permissions-card.tsx'
import { SyncNow } from '../sync-now.tsx'
import { UnlinkGoogle } from '../unlink-google.tsx'
import { MyCalendarsCards } from './my-calendars-cards.tsx'
import { MyStatusNotes } from './my-status-notes.tsx'

type MyViewProps = {
  timeZone: string
  /** Of the callback, if it was for the member. */
  outcome: Outcome
  /** The calendar that permission to write was asked for. */
  wanted: string | null
  just: 'saved' | 'unlinked' | null
  changing: boolean
}

/** The member's own account, which no other member sees. */
export const MyView = async ({ timeZone, outcome, wanted, just, changing }: MyViewProps) => {
  const mine = await myCalendar()
  return (
    <>
      <OutcomeNote outcome={outcome} whose="member" chosen={mine.linked && isChosen(mine)} />
      {mine.linked ? (
        <LinkedView linked={mine} {...{ timeZone, wanted, changing }} saved={just === 'saved'} />
      ) : (
        <>
          {just === 'unlinked' && (
            <Note role="status">
              <b className="font-semibold">Your Google account is unlinked.</b> Its events no longer block your time.
            </Note>
          )}
          <NotLinkedCard whose="member" />
        </>
      )}
      <PermissionsCard
        whose="member"
        writes={mine.linked && mine.appointments !== null}
        missing={mine.linked ? mine.missingPermissions : null}
      />
    </>
  )
}

const isChosen = ({ appointments, busy }: MyLinked) => appointments !== null || busy.length > 0

type LinkedViewProps = Pick<MyViewProps, 'timeZone' | 'wanted' | 'changing'> & { linked: MyLinked; saved: boolean }

const LinkedView = ({ linked, timeZone, wanted, changing, saved }: LinkedViewProps) => {
  const { account, appointments, busy, mayWrite } = linked
  return (
    <>
      {saved && appointments && appointments.status.state !== 'needs-attention' && (
        <Note role="status">
          <b className="font-semibold">Synchronization is active.</b> Your appointments now go to{' '}
          <b className="font-semibold">{appointments.name}</b> of {account}, and you are busy here while you are busy
          there.
        </Note>
      )}
      <MyStatusNotes linked={linked} />
      <AccountCard linked={linked} timeZone={timeZone} />
      <MyCalendarsCards
        // A saved choice replaces what was picked.
        key={appointments?.id ?? ''}
        current={appointments && { id: appointments.id, name: appointments.name }}
        changing={changing || wanted !== null}
        {...{ busy, mayWrite, wanted, timeZone }}
      />
      {appointments && <OpenItems report={appointments} whose="member" timeZone={timeZone} />}
    </>
  )
}

const AccountCard = ({ linked, timeZone }: { linked: MyLinked; timeZone: string }) => {
  const { account, status, appointments, lastSuccessAt } = linked
  const chosen = isChosen(linked)
  return (
    <Card labelledBy="google-member">
      <CardHeader
        id="google-member"
        title="Google account"
        lead={appointments ? `${account} → ${appointments.name}` : account}
      >
        <SyncStatusDot status={status} timeZone={timeZone} />
      </CardHeader>
      {chosen && (
        <CardBody>
          {appointments ? (
            <>
              <LinkedFacts report={appointments} whose="member" />
              {appointments.status.state === 'importing' && <Importing imported={appointments.status.imported} />}
            </>
          ) : (
            <dl>
              <dt className="text-xs text-ink-3">Last sync</dt>
              <dd className="mt-0.5 font-semibold tabular-nums">
                {lastSuccessAt ? <TimeAgo at={lastSuccessAt} /> : 'not yet'}
              </dd>
            </dl>
          )}
        </CardBody>
      )}
      <CardFooter className={chosen ? undefined : 'border-t-0'}>
        {chosen && (
          <SyncNow action={syncMyCalendars} lastSuccessAt={lastSuccessAt}>
            {appointments && <ChangeCalendar whose="member" />}
          </SyncNow>
        )}
        <div className="grow max-md:hidden" />
        <UnlinkGoogle account={account} whose="member" />
      </CardFooter>
    </Card>
  )
}
