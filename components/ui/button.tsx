import Link from 'next/link'
import type { ComponentProps } from 'react'
import { join } from './join.ts'
import { Spinner } from './spinner.tsx'

export type ButtonTone = 'plain' | 'primary' | 'danger' | 'danger-solid' | 'quiet'

const base =
  'inline-flex h-10 shrink-0 items-center justify-center gap-2 rounded-md border px-3.5 font-[550] whitespace-nowrap select-none transition-colors duration-100 md:h-[34px] md:px-3 disabled:opacity-50 aria-disabled:opacity-50'

const tones: Record<ButtonTone, string> = {
  plain: 'border-line-strong bg-surface text-ink not-disabled:hover:bg-sunk',
  primary: 'border-transparent bg-accent text-accent-ink not-disabled:hover:bg-accent-strong',
  danger: 'border-line-strong bg-surface text-bad not-disabled:hover:bg-bad-soft',
  'danger-solid': 'border-transparent bg-bad text-surface not-disabled:hover:opacity-90',
  quiet: 'border-transparent text-ink-2 not-disabled:hover:bg-sunk not-disabled:hover:text-ink',
}

/** The classes of a button, for elements that only look like one. */
export const buttonClass = (tone: ButtonTone = 'plain', square = false) =>
  join(base, tones[tone], square && 'w-10 px-0 md:w-[34px] md:px-0')

type ButtonProps = ComponentProps<'button'> & { tone?: ButtonTone; square?: boolean; pending?: boolean }

/** While `pending` it keeps its name and its focus, shows that it works, and answers no second press. */
export const Button = ({
  tone,
  square,
  pending,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) => (
  <button
    type={type}
    {...rest}
    className={join(buttonClass(tone, square), className)}
    aria-disabled={pending || undefined}
    onClick={pending ? (event) => event.preventDefault() : rest.onClick}
  >
    {pending && <Spinner />}
    {children}
  </button>
)

type ButtonLinkProps = ComponentProps<typeof Link> & { tone?: ButtonTone; square?: boolean }

export const ButtonLink = ({ tone, square, className, ...rest }: ButtonLinkProps) => (
  <Link {...rest} className={join(buttonClass(tone, square), className)} />
)
