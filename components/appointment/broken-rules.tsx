'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { Note } from '#components/ui/note.tsx'
import { useDebounced } from '#components/ui/use-debounced.ts'
import { calendarKeys, fetchRules } from '#lib/appointments/cache.ts'
import { type Draft, toFields } from './draft.ts'

type BrokenRulesProps = { draft: Draft; zone: string; exceptId: string }

/** The rules that the entered time breaks. People may book it all the same. */
export const BrokenRules = ({ draft, zone, exceptId }: BrokenRulesProps) => {
  const { start, end } = toFields(draft, zone).fields
  const wanted = JSON.stringify({
    ...{ from: start, to: end, except: exceptId },
    ...{ service: draft.serviceId, members: draft.assigneeIds },
  })
  const asked = useDebounced(wanted)
  const query = JSON.parse(asked) as Parameters<typeof fetchRules>[0]
  const { data } = useQuery({
    queryKey: calendarKeys.rules(query),
    queryFn: ({ signal }) => fetchRules(query, signal),
    enabled: query.from !== '' && query.from < query.to,
  })
  // An answer for other times would be wrong.
  const rules = asked === wanted ? (data ?? []) : []
  return (
    <div role="status">
      {rules.length > 0 && (
        <Note tone="wait">
          <p className="font-medium">This time breaks a rule. You can book it all the same.</p>
          <ul className="mt-1 space-y-0.5">
            {rules.map(({ text, href }) => (
              <li key={text}>
                {text}{' '}
                {href && (
                  <Link href={href} target="_blank" className="underline" aria-label={`Show: ${text}`}>
                    Show
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </Note>
      )}
    </div>
  )
}
