import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import { join } from './join.ts'

export type NoteTone = 'good' | 'wait' | 'bad' | 'plain'

const tones: Record<NoteTone, { ground: string; icon: IconName; ink: string }> = {
  good: { ground: 'bg-accent-soft', icon: 'check', ink: 'text-accent' },
  wait: { ground: 'bg-wait-soft', icon: 'clock', ink: 'text-wait' },
  bad: { ground: 'bg-bad-soft', icon: 'warning', ink: 'text-bad' },
  plain: { ground: 'bg-sunk', icon: 'help', ink: 'text-ink-2' },
}

type NoteProps = {
  tone?: NoteTone
  /** A button or a link for the next step. */
  action?: ReactNode
  /** `alert` interrupts a screen reader, `status` does not; none for text of the initial page. */
  role?: 'alert' | 'status'
  className?: string
  children: ReactNode
}

/** One sentence about what happened, and what to do. */
export const Note = ({ tone = 'good', action, role, className, children }: NoteProps) => {
  const { ground, icon, ink } = tones[tone]
  return (
    <div
      role={role}
      className={join('flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg px-4 py-3', ground, className)}
    >
      <div className="flex min-w-0 flex-1 basis-64 gap-2.5">
        <Icon name={icon} className={join('mt-[3px] size-3.5', ink)} />
        <div className="min-w-0 grow">{children}</div>
      </div>
      {action}
    </div>
  )
}
