import Link from 'next/link'
import { addressOf } from '#components/settings/activity/address.ts'
import { buttonClass } from '#components/ui/button-class.ts'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Pill } from '#components/ui/pill.tsx'
import { clock, shortDateTime } from '#lib/dates/format.ts'
import type { Call, CallStep, CallsPage } from '#lib/receptionist/calls/loaders.ts'

type CallsCardProps = {
  page: CallsPage
  /** Something is connected, or could be. */
  hasKey: boolean
}

/** What was asked, answered and done in each phone call. */
export const CallsCard = ({ page, hasKey }: CallsCardProps) => {
  const { calls, next, query, timeZone } = page
  const address = (before?: number) => `${addressOf('/settings/receptionist', { call: query.call, before })}#calls`
  return (
    <Card labelledBy="calls">
      <CardHeader
        id="calls"
        title="Calls"
        lead="What was asked, answered and done. Kept for 30 days; appointments and the activity stay."
      >
        {query.call !== undefined && (
          <Link href="/settings/receptionist#calls" className={buttonClass()}>
            All calls
          </Link>
        )}
      </CardHeader>
      {calls.length === 0 ? (
        <Empty isFiltered={query.call !== undefined || query.before !== undefined} hasKey={hasKey} />
      ) : (
        <ol className="divide-y divide-line">
          {calls.map((call) => (
            <li key={call.last}>
              <CallDetails call={call} isOpen={query.call !== undefined} timeZone={timeZone} />
            </li>
          ))}
        </ol>
      )}
      {(query.before !== undefined || next !== null) && (
        <nav aria-label="Pages of calls" className="flex gap-2.5 border-t border-line px-4 py-3 md:px-5">
          {query.before !== undefined && (
            <Link href={address()} className={buttonClass('plain', 'small')}>
              Newest
            </Link>
          )}
          {next !== null && (
            <Link href={address(next)} className={buttonClass('plain', 'small')}>
              Older
            </Link>
          )}
        </nav>
      )}
    </Card>
  )
}

const Empty = ({ isFiltered, hasKey }: { isFiltered: boolean; hasKey: boolean }) => (
  <CardBody className="py-8 text-center text-ink-2">
    {isFiltered ? (
      'Nothing here. The log of a call is deleted after 30 days.'
    ) : (
      <>
        <p className="font-medium text-ink">No calls yet</p>
        <p className="mx-auto mt-1 max-w-[34rem]">
          {hasKey
            ? 'Connect your voice agent with a key from below.'
            : 'Create an API key below, and connect your voice agent with it.'}{' '}
          It works with Vapi, Retell, ElevenLabs, Claude, ChatGPT and your own code.
        </p>
        <p className="mt-3">
          <Link href="/help/api" prefetch={false} className={buttonClass()}>
            How to connect
          </Link>
        </p>
      </>
    )}
  </CardBody>
)

type CallDetailsProps = { call: Call; isOpen: boolean; timeZone: string }

const CallDetails = ({ call, isOpen, timeZone }: CallDetailsProps) => {
  const { callId, keyName, test, steps } = call
  const [first] = steps
  return (
    <details open={isOpen} className="group">
      <summary className="flex cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 -outline-offset-2 hover:bg-sunk/60 md:px-5 [&::-webkit-details-marker]:hidden">
        <Icon name="chevron-right" className="size-3.5 text-ink-3 transition-transform group-open:rotate-90" />
        <span className="min-w-0 flex-1 basis-56">
          <span className="block font-medium">{outcomeOf(steps)}</span>
          <span className="block truncate text-sm text-ink-3">
            {[keyName, callId ?? 'without a call id', count(steps.length)].join(' · ')}
          </span>
        </span>
        {test && <Pill>Test</Pill>}
        {first && (
          <time dateTime={first.at} className="text-sm text-ink-3 tabular-nums">
            {shortDateTime(first.at, timeZone)}
          </time>
        )}
      </summary>
      <ol className="mx-4 mb-3 space-y-3 border-l-2 border-line pl-4 md:mx-5">
        {steps.map((step) => (
          <Step key={step.id} step={step} timeZone={timeZone} />
        ))}
      </ol>
    </details>
  )
}

const count = (steps: number) => (steps === 1 ? 'one request' : `${steps} requests`)

/** The last step that changed something, else the last one. */
const outcomeOf = (steps: readonly CallStep[]) => {
  const done = steps.findLast(({ refused, isChange }) => isChange && refused === null) ?? steps.at(-1)
  if (!done) return ''
  return done.appointment ? `${done.did}: ${done.appointment.title}` : done.did
}

const Step = ({ step, timeZone }: { step: CallStep; timeZone: string }) => (
  <li>
    <p className="flex flex-wrap items-baseline gap-x-2">
      <span className="font-medium">{step.did}</span>
      {step.refused && <Pill tone="wait">{step.refused}</Pill>}
      <time dateTime={step.at} className="ml-auto text-sm text-ink-3 tabular-nums">
        {clock(step.at, timeZone)}
      </time>
    </p>
    {step.asked.length > 0 && (
      <dl className="flex flex-wrap gap-x-3 text-sm">
        {step.asked.map(({ label, value }) => (
          <div key={label} className="flex min-w-0 gap-1">
            <dt className="shrink-0 text-ink-3">{label}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    )}
    {step.said && <p className="break-words text-ink-2">“{step.said}”</p>}
    {step.appointment && (
      <Link
        href={`/calendar?appointment=${step.appointment.id}`}
        className="text-sm text-accent underline-offset-2 hover:underline"
      >
        Show “{step.appointment.title}” in the calendar
      </Link>
    )}
  </li>
)
