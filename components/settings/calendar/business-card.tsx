import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { syncNow } from '#lib/connection/actions.ts'
import type { CalendarSettings } from '#lib/connection/schema.ts'
import { ChangeCalendar } from './change-calendar.tsx'
import { Importing, LinkedFacts } from './linked-facts.tsx'
import { SyncNow } from './sync-now.tsx'
import { UnlinkGoogle } from './unlink-google.tsx'

export type Linked = Extract<CalendarSettings, { linked: true }>

export const BusinessCard = ({ linked, timeZone }: { linked: Linked; timeZone: string }) => {
  const { account, calendar, status } = linked
  return (
    <Card labelledBy="google-business">
      <CardHeader
        id="google-business"
        title="Google Calendar"
        lead={calendar ? `${account} → ${calendar.name}` : account}
      >
        <SyncStatusDot status={status} timeZone={timeZone} />
      </CardHeader>
      {calendar && (
        <CardBody>
          <LinkedFacts report={linked} whose="business" />
          <p className="mt-3.5 text-sm text-ink-3">Google quota: peak {linked.quotaPercent} % in the last hour.</p>
          {status.state === 'importing' && <Importing imported={status.imported} />}
        </CardBody>
      )}
      <CardFooter className={calendar ? undefined : 'border-t-0'}>
        {calendar && (
          <SyncNow action={syncNow} lastSuccessAt={linked.lastSuccessAt}>
            <ChangeCalendar whose="business" />
          </SyncNow>
        )}
        <div className="grow max-md:hidden" />
        <UnlinkGoogle account={account} whose="business" />
      </CardFooter>
    </Card>
  )
}
