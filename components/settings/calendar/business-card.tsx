import type { ReactNode } from 'react'
import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import { syncNow } from '#lib/connection/actions.ts'
import type { CalendarSettings } from '#lib/connection/schema.ts'
import { formatNumber } from '#lib/format-number.ts'
import { ChangeCalendar } from './change-calendar.tsx'
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
          <LinkedFacts linked={linked} />
          <p className="mt-3.5 text-sm text-ink-3">Google quota: peak {linked.quotaPercent} % in the last hour.</p>
          {status.state === 'importing' && <Importing imported={status.imported} />}
        </CardBody>
      )}
      <CardFooter className={calendar ? undefined : 'border-t-0'}>
        {calendar && (
          <SyncNow action={syncNow} lastSuccessAt={linked.lastSuccessAt}>
            <ChangeCalendar />
          </SyncNow>
        )}
        <div className="grow max-md:hidden" />
        <UnlinkGoogle account={account} whose="business" />
      </CardFooter>
    </Card>
  )
}

const LinkedFacts = ({ linked }: { linked: Linked }) => {
  const { counts, arrival, lastSuccessAt } = linked
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 md:grid-cols-5">
      <Fact name="Changes arrive">{arrival === 'instantly' ? 'instantly' : 'every minute'}</Fact>
      <Fact name="Last sync">{lastSuccessAt ? <TimeAgo at={lastSuccessAt} /> : 'not yet'}</Fact>
      <Fact name="Appointments in Google">{formatNumber(counts.inGoogle)}</Fact>
      <Fact name="Waiting" href={counts.waiting > 0 ? '#waiting' : undefined}>
        {formatNumber(counts.waiting)}
      </Fact>
      <Fact name="Need attention" href={counts.needAttention > 0 ? '#attention' : undefined}>
        {formatNumber(counts.needAttention)}
      </Fact>
    </dl>
  )
}

const Fact = ({ name, href, children }: { name: string; href?: string; children: ReactNode }) => (
  <div>
    <dt className="text-xs text-ink-3">{name}</dt>
    <dd className="mt-0.5 font-semibold tabular-nums">
      {href ? (
        <a href={href} className="underline decoration-ink-3 underline-offset-3">
          {children}
        </a>
      ) : (
        children
      )}
    </dd>
  </div>
)

const Importing = ({ imported }: { imported: number }) => (
  <div className="mt-4">
    <p id="importing" className="text-sm text-ink-2 tabular-nums">
      Importing your events: {formatNumber(imported)} so far. You can leave this page.
    </p>
    <div role="progressbar" aria-labelledby="importing" className="mt-2 h-1.5 overflow-hidden rounded-full bg-line">
      <div className="h-full w-1/3 animate-slide rounded-full bg-accent" />
    </div>
  </div>
)
