'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'
import { unlinkGoogle } from '#lib/connection/actions.ts'
import { unlinkMyGoogle } from '#lib/connection/mine/actions.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { useSaving } from './use-saving.ts'

const kinds = {
  business: {
    action: unlinkGoogle,
    after: '/settings/calendar?unlinked=1',
    consequences: [
      'Sophiie’s access to Google is revoked.',
      'Syncing stops in both directions.',
      'Events that Sophiie added stay in Google and are no longer updated.',
      'Locked Google events are removed from Sophiie. Your appointments stay.',
    ],
    again: 'If you link the same calendar again later, syncing continues without duplicates.',
  },
  member: {
    action: unlinkMyGoogle,
    after: '/settings/calendar?unlinked=mine',
    consequences: [
      'Sophiie’s access to your Google account is revoked, unless the account is linked elsewhere in Sophiie.',
      'Your busy times are removed from Sophiie and no longer block your time.',
      'Nothing is deleted in Google. Appointments in your own calendar stay there and are no longer updated.',
      'Your appointments stay booked here.',
    ],
    again: 'If you link it again later, you choose the calendars again. Nothing is added twice.',
  },
}

export const UnlinkGoogle = ({ account, whose }: { account: string; whose: Whose }) => {
  const { action, after, consequences, again } = kinds[whose]
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const { pending, refused, save } = useSaving()
  const unlink = () =>
    save(action, () => {
      setOpen(false)
      router.replace(after)
    })
  return (
    <>
      <Button tone="danger" onClick={() => setOpen(true)}>
        Unlink Google
      </Button>
      <Dialog
        open={open}
        onClose={() => !pending && setOpen(false)}
        title={`Unlink ${account}?`}
        footer={
          <>
            <Button tone="danger-solid" pending={pending} onClick={unlink}>
              Unlink Google
            </Button>
            <Button onClick={() => setOpen(false)}>Keep it linked</Button>
          </>
        }
      >
        <ul className="list-disc space-y-1.5 pl-5 text-ink-2 marker:text-ink-3">
          {consequences.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p className="mt-3 text-ink-2">{again}</p>
        {refused && (
          <Note tone="bad" role="alert" className="mt-4">
            {refused}
          </Note>
        )}
      </Dialog>
    </>
  )
}
