import type { ReactNode } from 'react'
import { join } from './join.ts'

const tones = {
  plain: 'bg-sunk text-ink-2',
  good: 'bg-accent-soft text-accent',
  wait: 'bg-wait-soft text-wait',
  bad: 'bg-bad-soft text-bad',
}

export const Pill = ({ tone = 'plain', children }: { tone?: keyof typeof tones; children: ReactNode }) => (
  <span className={join('inline-block rounded-full px-2 py-px text-xs font-medium whitespace-nowrap', tones[tone])}>
    {children}
  </span>
)
