import { Card, CardBody, CardFooter, CardHeader } from '#components/ui/card.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { MenuButton } from '#components/ui/menu.tsx'

const lines: [IconName, string][] = [
  ['calendar', 'Appointments made here appear in your Google calendar within seconds and stay up to date.'],
  ['lock', 'Your Google events show here, locked, and block their times.'],
  ['check', 'You choose one calendar. Nothing is synchronized until you save.'],
]

export const NotLinkedCard = () => (
  <Card labelledBy="google">
    <CardHeader id="google" title="Google Calendar" lead="Link it once; syncing is automatic." />
    <CardBody>
      <ul className="space-y-2.5">
        {lines.map(([icon, line]) => (
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
        entries={[{ id: 'google', label: 'Connect to Google', href: '/api/google/link' }]}
      />
    </CardFooter>
  </Card>
)
