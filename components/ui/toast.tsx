'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { join } from './join.ts'

export type Toast = {
  message: string
  action?: { label: string; onPress: () => void }
  tone?: 'plain' | 'bad'
  /** What it speaks of: once that has changed again, an **Undo** of the change before would lie. */
  about?: string
}

type Shown = Toast & { id: number }

const patienceMs = 8000

let shown: Shown[] = []
let nextId = 1
const listeners = new Set<() => void>()

const put = (next: Shown[]) => {
  shown = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const dismiss = (id: number) => put(shown.filter((toast) => toast.id !== id))

const withdraw = (about: string) => put(shown.filter((toast) => toast.about !== about))

/** At most three at once; the oldest gives way. */
const show = (toast: Toast) => {
  const id = nextId++
  put([...shown, { ...toast, id }].slice(-3))
  return id
}

/** For code outside components; `show` answers with the id that `dismiss` takes, `withdraw` takes an `about`. */
export const toasts = { show, dismiss, withdraw }

/** Needs one `<Toaster />` on the page. */
export const useToast = () => toasts

const none: Shown[] = []

/** The live region is on the page from the start, or screen readers would miss what is put into it. */
export const Toaster = () => {
  const current = useSyncExternalStore(
    subscribe,
    () => shown,
    () => none,
  )
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-[calc(4.5rem+env(safe-area-inset-bottom))] z-50 flex flex-col items-center gap-2 px-4 md:bottom-6"
    >
      {current.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

const ToastCard = ({ toast }: { toast: Shown }) => {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismiss(toast.id), patienceMs)
    return () => clearTimeout(timer)
  }, [held, toast.id])
  const { action, message, tone = 'plain' } = toast
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: resting the pointer or the focus only keeps it open
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex w-full max-w-md animate-rise items-center gap-2 rounded-xl border border-line-strong bg-raised py-1.5 pr-1.5 pl-4 shadow-float"
    >
      {tone === 'bad' && <Icon name="warning" className="size-4 text-bad" />}
      <p className={join('min-w-0 flex-1 py-1', tone === 'bad' && 'text-bad')}>{message}</p>
      {action && (
        <Button
          tone="quiet"
          className="text-accent"
          onClick={() => {
            dismiss(toast.id)
            action.onPress()
          }}
        >
          {action.label}
        </Button>
      )}
      <Button tone="quiet" square aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
        <Icon name="close" className="size-3.5" />
      </Button>
    </div>
  )
}
