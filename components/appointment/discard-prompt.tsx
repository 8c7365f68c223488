import { Button } from '#components/ui/button.tsx'

type DiscardPromptProps = { onKeep: () => void; onDiscard: () => void }

/** Replaces the footer of a form with unsaved input that is about to close. */
export const DiscardPrompt = ({ onKeep, onDiscard }: DiscardPromptProps) => (
  <div role="alertdialog" aria-label="Discard your changes?" className="flex w-full flex-wrap items-center gap-2.5">
    <p className="min-w-0 flex-1 basis-40 font-medium">Discard your changes?</p>
    <Button tone="danger" onClick={onDiscard}>
      Discard
    </Button>
    <Button autoFocus onClick={onKeep}>
      Keep editing
    </Button>
  </div>
)
