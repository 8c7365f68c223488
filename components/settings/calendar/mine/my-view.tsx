import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { Note } from '#components/ui/note.tsx'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import { syncMyCalendars } from '#lib/connection/mine/actions.ts'
import { myCalendar } from '#lib/connection/mine/loaders.ts'
import type { MyLinked } from '#lib/connection/mine/schema.ts'
import { NotLinkedCard } from '../not-linked-card.tsx'
import { type Outcome, OutcomeNote } from '../outcome-note.tsx'
import { PermissionsCard } from '../permissions-card.tsx'
import { SyncNow } from '../sync-now.tsx'
import { UnlinkGoogle } from '../unlink-google.tsx'
import { BusyCard } from './busy-card.tsx'
import { MyStatusNotes } from './my-status-notes.tsx'

type MyViewProps = { timeZone: string; outcome: Outcome; unlinked: boolean }

/** The member's own account, which no other member sees. */
export const MyView = async ({ timeZone, outcome, unlinked }: MyViewProps) => {
  const mine = await myCalendar()
  return (
    <>
      <OutcomeNote outcome={outcome} whose="member" chosen={mine.linked && mine.busy.length > 0} />
      {mine.linked ? (
        <>
          <MyStatusNotes linked={mine} />
          <AccountCard linked={mine} timeZone={timeZone} />
          <BusyCard saved={mine.busy} timeZone={timeZone} />
        </>
      ) : (
        <>
          {unlinked && (
            <Note role="status">
              <b className="font-semibold">Your Google account is unlinked.</b> Its events no longer block your time.
            </Note>
          )}
          <NotLinkedCard whose="member" />
        </>
      )}
      <PermissionsCard whose="member" missing={mine.linked ? mine.missingPermissions : null} />
    </>
  )
}

const AccountCard = ({ linked, timeZone }: { linked: MyLinked; timeZone: string }) => {
  const { account, status, busy, lastSuccessAt } = linked
  const chosen = busy.length > 0
  return (
    <Card labelledBy="google-member">
      <CardHeader id="google-member" title="Google account" lead={account}>
        <SyncStatusDot status={status} timeZone={timeZone} />
      </CardHeader>
      {chosen && (
        <CardBody>
          <dl>
            <dt className="text-xs text-ink-3">Last sync</dt>
            <dd className="mt-0.5 font-semibold tabular-nums">
              {lastSuccessAt ? <TimeAgo at={lastSuccessAt} /> : 'not yet'}
            </dd>
          </dl>
        </CardBody>
      )}
      <CardFooter className={chosen ? undefined : 'border-t-0'}>
        {chosen && <SyncNow action={syncMyCalendars} lastSuccessAt={lastSuccessAt} />}
        <div className="grow max-md:hidden" />
        <UnlinkGoogle account={account} whose="member" />
      </CardFooter>
    </Card>
  )
}
