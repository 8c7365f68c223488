'use client'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { join } from './join.ts'

type DialogProps = {
  open: boolean
  /** Called on Escape, the close button and a press on the backdrop. */
  onClose: () => void
  title: string
  /** `sheet`: at the bottom on phones, on the right on wide screens. */
  shape?: 'centre' | 'sheet'
  /** Buttons, in reading order. */
  footer?: ReactNode
  children: ReactNode
}

const shapes = {
  centre: 'm-auto w-[min(30rem,calc(100vw-2rem))] rounded-2xl',
  sheet:
    'mx-auto mt-auto mb-0 max-h-[92dvh] w-full max-w-[40rem] rounded-t-2xl md:my-4 md:mr-4 md:ml-auto md:max-h-[calc(100dvh-2rem)] md:w-[26rem] md:rounded-2xl',
}

/** A modal native dialog, which traps focus, returns it on close, and closes on Escape. */
export const Dialog = ({ open, onClose, title, shape = 'centre', footer, children }: DialogProps) => {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = element.current
    if (open && !dialog?.open) dialog?.showModal()
    if (!open && dialog?.open) dialog.close()
  }, [open])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has Escape
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClose={() => open && onClose()}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={join(
        'max-h-[calc(100dvh-2rem)] flex-col border border-line bg-raised text-ink shadow-float open:flex open:animate-rise',
        shapes[shape],
      )}
    >
      {open && (
        <>
          <div className="flex items-start gap-3 px-5 pt-4 pb-1">
            <h2 id={titleId} className="min-w-0 flex-1 pt-1 text-lg font-semibold">
              {title}
            </h2>
            <Button tone="quiet" square aria-label="Close" onClick={onClose} className="-mr-2">
              <Icon name="close" />
            </Button>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-4">{children}</div>
          {footer && (
            <div className="flex flex-wrap items-center gap-2.5 border-t border-line px-5 py-3.5">{footer}</div>
          )}
        </>
      )}
    </dialog>
  )
}
