'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'
import { unlinkGoogle } from '#lib/connection/actions.ts'
import { useSaving } from './use-saving.ts'

const consequences = [
  'Sophiie’s access to Google is revoked.',
  'Syncing stops in both directions.',
  'Events that Sophiie added stay in Google and are no longer updated.',
  'Locked Google events are removed from Sophiie. Your appointments stay.',
]

export const UnlinkGoogle = ({ account }: { account: string }) => {
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const { pending, refused, save } = useSaving()
  const unlink = () =>
    save(unlinkGoogle, () => {
      setOpen(false)
      router.replace('/settings/calendar?unlinked=1')
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
        <p className="mt-3 text-ink-2">
          If you link the same calendar again later, syncing continues without duplicates.
        </p>
        {refused && (
          <Note tone="bad" role="alert" className="mt-4">
            {refused}
          </Note>
        )}
      </Dialog>
    </>
  )
}
