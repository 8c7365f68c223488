import { join } from './join.ts'

export type ButtonTone = 'plain' | 'primary' | 'danger' | 'danger-solid' | 'quiet'

const base =
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-[550] whitespace-nowrap select-none transition-colors duration-100 disabled:opacity-50 aria-disabled:opacity-50'

const tones: Record<ButtonTone, string> = {
  plain: 'border-line-strong bg-surface text-ink not-disabled:hover:bg-sunk',
  primary: 'border-transparent bg-accent text-accent-ink not-disabled:hover:bg-accent-strong',
  danger: 'border-line-strong bg-surface text-bad not-disabled:hover:bg-bad-soft',
  'danger-solid': 'border-transparent bg-bad text-surface not-disabled:hover:opacity-90',
  quiet: 'border-transparent text-ink-2 not-disabled:hover:bg-sunk not-disabled:hover:text-ink',
}

const sizes = {
  normal: 'h-10 px-3.5 md:h-[34px] md:px-3',
  square: 'size-10 md:size-[34px]',
  small: 'h-10 px-2.5 text-sm md:h-8 md:px-2',
  wide: 'h-11 w-full px-4',
}
export type ButtonSize = keyof typeof sizes

/** The classes of a button, for other elements that look like one. */
export const buttonClass = (tone: ButtonTone = 'plain', size: ButtonSize = 'normal') =>
  join(base, tones[tone], sizes[size])
