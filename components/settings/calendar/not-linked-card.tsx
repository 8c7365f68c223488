import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { MenuButton } from '#components/ui/menu.tsx'
import type { Whose } from '#lib/google/scopes.ts'

type Line = [IconName, string]

const lines: Line[] = [
  ['calendar', 'Appointments made here appear in your Google calendar within seconds and stay up to date.'],
  ['lock', 'Your Google events show here, locked, and block their times.'],
  ['check', 'You choose one calendar. Nothing is synchronized until you save.'],
]

const myLines: Line[] = [
  ['calendar', 'You choose calendars of your own Google account. While you are busy there, you are busy here.'],
  ['lock', 'Others see only that you are busy. Titles, notes and guests are never kept.'],
  ['check', 'If you like, one of them also gets your appointments. Nothing is read or written until you save.'],
]

/** Regions of one page have different names. */
const titles: Record<Whose, string> = { business: 'Google Calendar', member: 'Google account' }

export const NotLinkedCard = ({ whose = 'business' }: { whose?: Whose }) => (
  <Card labelledBy={`google-${whose}`}>
    <CardHeader id={`google-${whose}`} title={titles[whose]} lead="Link it once; syncing is automatic." />
    <CardBody>
      <ul className="space-y-2.5">
        {(whose === 'business' ? lines : myLines).map(([icon, line]) => (
          <li key={line} className="flex gap-3">
            <Icon name={icon} className="mt-[3px] size-4 text-accent" />
            {line}
          </li>
        ))}
      </ul>
    </CardBody>
    <CardFooter>
      <MenuButton
        label="Link Calendar"
        tone="primary"
        entries={[
          {
            id: 'google',
            label: 'Connect to Google',
            href: whose === 'business' ? '/api/google/link' : '/api/google/link?for=me',
          },
        ]}
      />
    </CardFooter>
  </Card>
)
