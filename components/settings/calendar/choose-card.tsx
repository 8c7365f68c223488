import { Suspense } from 'react'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { Note } from '#components/ui/note.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { calendarChoices } from '#lib/connection/loaders.ts'
import { formatNumber } from '#lib/format-number.ts'
import { ChooseForm } from './choose-form.tsx'
import { ReconnectButton } from './reconnect-button.tsx'
import { TryAgain } from './try-again.tsx'

/** `moving`: how many upcoming appointments would move; null for the first choice of a calendar. */
export const ChooseCard = ({ moving }: { moving: number | null }) => (
  <div id="choose">
    <Card labelledBy="choose-title">
      <CardHeader
        id="choose-title"
        title={moving === null ? 'Choose a calendar' : 'Change calendar'}
        lead={
          moving === null
            ? 'Sophiie writes appointments to one calendar and reads its events, which block those times.'
            : movingSentence(moving)
        }
      />
      <Suspense fallback={<Listing />}>
        <Choices changing={moving !== null} />
      </Suspense>
    </Card>
  </div>
)

const movingSentence = (moving: number) => {
  const rest = 'Other events in both calendars stay as they are.'
  if (moving === 0) return `There are no upcoming appointments to move. ${rest}`
  const what = moving === 1 ? '1 upcoming appointment' : `${formatNumber(moving)} upcoming appointments`
  const kept = 'Guests, text, colours and reminders added in Google are kept; video links are not.'
  return `${what} will move: created in the new calendar first, then removed from the old one. ${kept} ${rest}`
}

const Choices = async ({ changing }: { changing: boolean }) => {
  const choices = await calendarChoices()
  if (choices.ok && choices.calendars.length > 0)
    return <ChooseForm calendars={choices.calendars} selectedId={choices.selectedId} changing={changing} />
  const access = !choices.ok && (choices.code === 'revoked' || choices.code === 'scope-missing')
  return (
    <CardBody>
      <Note tone="bad" action={access ? <ReconnectButton /> : <TryAgain />}>
        {choices.ok ? 'This account has no calendars. Create one in Google Calendar, then try again.' : choices.message}
      </Note>
    </CardBody>
  )
}

const Listing = () => (
  <div role="status" className="space-y-3 px-4 py-4 md:px-5">
    <p className="text-sm text-ink-2">Loading your calendars from Google…</p>
    <Skeleton className="h-9" />
    <Skeleton className="h-9" />
    <Skeleton className="h-9" />
  </div>
)
