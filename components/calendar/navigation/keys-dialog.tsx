'use client'
import { Dialog } from '#components/ui/dialog.tsx'

const keys: [string, string][] = [
  ['N', 'New appointment'],
  ['.', 'Today'],
  ['J, K', 'Next, previous'],
  ['M, W, D, T, L', 'Month, week, day, team, list'],
  ['Tab, Enter', 'Focus an event, open it'],
  ['Alt ↑ ↓', 'Move the appointment by 15 minutes'],
  ['Alt ← →', 'Move it by a day; in the team view, to another member'],
  ['Alt Shift ↑ ↓', 'Move its end'],
  ['?', 'Show these keys'],
]

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Keyboard">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        {keys.map(([key, does]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-sm border border-line-strong bg-sunk px-1.5 py-0.5 text-xs">{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
