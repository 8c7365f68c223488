import { Button } from '#components/ui/button.tsx'
import { CopyField } from '#components/ui/copy-field.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'

type SecretDialogProps = {
  title: string
  /** What it is for. */
  note?: string
  secret: string
  onClose: () => void
}

/** A new secret, shown this once. */
export const SecretDialog = ({ title, note, secret, onClose }: SecretDialogProps) => (
  <Dialog
    open
    onClose={onClose}
    title={title}
    footer={
      <Button tone="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <div className="space-y-3">
      <Note tone="wait">Copy it now: it cannot be shown again. {note}</Note>
      <CopyField label="Secret" value={secret} />
    </div>
  </Dialog>
)
