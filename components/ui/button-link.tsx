import Link from 'next/link'
import type { ComponentProps } from 'react'
import type { Appearance } from './button.tsx'
import { buttonClass } from './button-class.ts'
import { join } from './join.ts'

type ButtonLinkProps = ComponentProps<typeof Link> & Appearance

/** A link that looks like a button. Apart from `button.tsx`, whose users often need no links. */
export const ButtonLink = ({
  tone,
  square,
  size = square ? 'square' : 'normal',
  className,
  ...rest
}: ButtonLinkProps) => <Link {...rest} className={join(buttonClass(tone, size), className)} />
