import Link from 'next/link'
import { Pill } from '#components/ui/pill.tsx'
import type { ActivityLine, Change } from '#lib/activity/line.ts'
import { fullDateTime } from '#lib/dates/format.ts'

type ActivityLinesProps = {
  lines: ActivityLine[]
  timeZone: string
  /** Adds links to each appointment and to its history. */
  linked?: boolean
}

/** Newest first: who did what, why, and each changed field before → after. */
export const ActivityLines = ({ lines, timeZone, linked }: ActivityLinesProps) => (
  <ol className="divide-y divide-line">
    {lines.map((line) => (
      <li key={line.id} className="px-4 py-3 md:px-5">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <p className="min-w-0 flex-1 basis-72">
            <b className="font-semibold">{line.who}</b> {line.did}
          </p>
          <time dateTime={line.at} className="text-sm text-ink-3 tabular-nums">
            {fullDateTime(line.at, timeZone)}
          </time>
        </div>
        {line.why && <p className="text-sm text-ink-2">{line.why}</p>}
        {line.changes.length > 0 && <Changes changes={line.changes} />}
        {linked && line.appointmentId && (
          <p className="mt-0.5 flex gap-4 text-sm">
            <Link
              href={`/calendar?appointment=${line.appointmentId}`}
              className="text-accent underline-offset-2 hover:underline"
            >
              Show in the calendar
            </Link>
            <Link
              href={`/settings/activity?appointment=${line.appointmentId}`}
              className="text-accent underline-offset-2 hover:underline"
            >
              Show its history
            </Link>
            {line.callId && (
              <Link
                href={`/settings/receptionist?call=${encodeURIComponent(line.callId)}#calls`}
                className="text-accent underline-offset-2 hover:underline"
              >
                Show the call
              </Link>
            )}
          </p>
        )}
      </li>
    ))}
  </ol>
)

const Changes = ({ changes }: { changes: Change[] }) => (
  <dl className="mt-1 space-y-0.5 text-sm text-ink-2">
    {changes.map(({ label, before, after }) => (
      <div key={label} className="flex flex-wrap items-baseline gap-x-1.5">
        <dt className="text-ink-3">{label}</dt>
        <dd className="min-w-0 break-words">
          {before !== '' && (
            <>
              <del className="text-ink-3 decoration-ink-3/60">
                <Shortened text={before} />
              </del>
              <span aria-hidden="true"> → </span>
              <span className="sr-only">changed to</span>{' '}
            </>
          )}
          {after === '' ? (
            <Pill>empty</Pill>
          ) : (
            <ins className="text-ink no-underline">
              <Shortened text={after} />
            </ins>
          )}
        </dd>
      </div>
    ))}
  </dl>
)

const shownLength = 240

/** Shortens long texts such as notes, with a way to show all. */
const Shortened = ({ text }: { text: string }) =>
  text.length < shownLength * 1.5 ? (
    text
  ) : (
    <details className="group inline open:[&::details-content]:inline">
      <summary className="inline list-none">
        {text.slice(0, shownLength)}
        <span className="text-accent group-open:hidden">… Show all</span>
      </summary>
      {text.slice(shownLength)}
    </details>
  )
