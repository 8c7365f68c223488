import Link from 'next/link'
import { Card, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { VisuallyHidden } from '#components/ui/visually-hidden.tsx'
import type { Permission, Whose } from '#lib/google/scopes.ts'
import { permissionsOf } from './permissions.ts'

type PermissionsCardProps = { whose?: Whose; writes?: boolean; missing: Permission[] | null }

/**
 * `writes`: appointments go to a calendar of the account. `missing`: permissions that it did not
 * grant; null without a link.
 */
export const PermissionsCard = ({
  whose = 'business',
  writes = whose === 'business',
  missing,
}: PermissionsCardProps) => (
  <Card labelledBy={`permissions-${whose}`}>
    <CardHeader id={`permissions-${whose}`} title={writes ? 'Permissions' : 'Permissions to read'} />
    <table className="w-full">
      <thead className="sr-only">
        <tr>
          <th scope="col">Permission</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {permissionsOf(whose, writes).map(({ id, name, reason }) => (
          <tr key={id} className="max-md:block max-md:px-4 max-md:py-3">
            <th scope="row" className="text-left font-medium max-md:block md:w-64 md:py-3 md:pl-5">
              <span className="flex items-center gap-2.5">
                <GrantIcon granted={missing === null ? null : !missing.includes(id)} />
                {name}
              </span>
            </th>
            <td className="text-ink-2 max-md:block max-md:pl-[26px] md:py-3 md:pr-5">{reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <CardFooter className="text-ink-2">
      <p>
        {notes[whose === 'business' ? 'business' : writes ? 'writes' : 'reads']}{' '}
        <Link href="/help/google-calendar" className="text-accent underline underline-offset-2">
          How it works
        </Link>
      </p>
    </CardFooter>
  </Card>
)

const notes = {
  business: 'Sophiie never changes events it did not create.',
  writes: 'Sophiie never changes events it did not create, and keeps no titles, notes or guests of them.',
  reads: 'Sophiie writes nothing to these calendars and never reads titles, notes or guests.',
}

const GrantIcon = ({ granted }: { granted: boolean | null }) => {
  if (granted === null) return <Icon name="lock" className="size-4 text-ink-3" />
  return (
    <>
      <Icon name={granted ? 'check' : 'close'} className={granted ? 'size-4 text-ok' : 'size-4 text-bad'} />
      <VisuallyHidden>{granted ? 'Granted: ' : 'Missing: '}</VisuallyHidden>
    </>
  )
}
