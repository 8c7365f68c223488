import type { ComponentProps } from 'react'
import { type ButtonSize, type ButtonTone, buttonClass } from './button-class.ts'
import { join } from './join.ts'
import { Spinner } from './spinner.tsx'

export type Appearance = { tone?: ButtonTone; size?: ButtonSize /** Short for `size="square"`. */; square?: boolean }
type ButtonProps = ComponentProps<'button'> & Appearance & { pending?: boolean }

/** While `pending` it shows a spinner, keeps its name and focus, and ignores presses. */
export const Button = ({
  tone,
  square,
  size = square ? 'square' : 'normal',
  pending,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) => (
  <button
    type={type}
    {...rest}
    className={join(buttonClass(tone, size), className)}
    aria-disabled={pending || undefined}
    onClick={pending ? (event) => event.preventDefault() : rest.onClick}
  >
    {pending && <Spinner />}
    {children}
  </button>
)
