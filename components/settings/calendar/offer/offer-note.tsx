import { Button } from '#components/ui/button.tsx'
import { CardBody } from '#components/ui/card.tsx'
import { join } from '#components/ui/join.ts'
import { Note } from '#components/ui/note.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { Whose } from '#lib/google/scopes.ts'
import { ReconnectButton } from '../reconnect-button.tsx'
import type { Offer } from './use-offer.ts'

type OfferNoteProps = { offer: Offer; load: () => void; whose: Whose; className?: string | undefined }

/** While Google's list is read, and why it could not be. */
export const OfferNote = ({ offer, load, whose, className }: OfferNoteProps) => {
  if (offer.state === 'loading')
    return (
      <div role="status" className={join('space-y-3 px-4 py-4 md:px-5', className)}>
        <p className="text-sm text-ink-2">Loading your calendars from Google…</p>
        <Skeleton className="h-9" />
        <Skeleton className="h-9" />
      </div>
    )
  if (offer.state === 'waiting' || (offer.state === 'loaded' && offer.toBlock.length > 0)) return null
  const access = offer.state === 'failed' && ['revoked', 'scope-missing'].includes(offer.code)
  const again = <Button onClick={load}>Try again</Button>
  return (
    <CardBody className={className}>
      <Note tone="bad" action={access ? <ReconnectButton whose={whose} /> : again}>
        {offer.state === 'failed'
          ? offer.message
          : 'This account has no calendars. Create one in Google Calendar, then try again.'}
      </Note>
    </CardBody>
  )
}
