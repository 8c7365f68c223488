'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { join } from './join.ts'

export type Toast = {
  message: string
  action?: { label: string; onPress: () => void }
  tone?: 'plain' | 'bad'
  /** Subject of the toast. After a newer change of it, `withdraw` removes the outdated **Undo**. */
  about?: string
}

type Shown = Toast & { id: number }

const shownMs = 8000

let shown: Shown[] = []
let nextId = 1
const listeners = new Set<() => void>()

const put = (next: Shown[]) => {
  shown = next
  for (const listener of listeners) listener()
}

const onToastsChange = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const dismiss = (id: number) => put(shown.filter((toast) => toast.id !== id))

const withdraw = (about: string) => put(shown.filter((toast) => toast.about !== about))

/** Shows at most three; the oldest is dropped. */
const show = (toast: Toast) => {
  const id = nextId++
  put([...shown, { ...toast, id }].slice(-3))
  return id
}

/** For code outside components. `dismiss` takes the id from `show`, `withdraw` an `about`. */
export const toasts = { show, dismiss, withdraw }

/** Needs one `<Toaster />` on the page. */
export const useToast = () => toasts

const noToasts: Shown[] = []

/** The live region is always on the page, or screen readers would miss its first message. */
export const Toaster = () => {
  const current = useSyncExternalStore(
    onToastsChange,
    () => shown,
    () => noToasts,
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
  const [paused, setPaused] = useState(false)
  useEffect(() => {
    if (paused) return
    const timer = setTimeout(() => dismiss(toast.id), shownMs)
    return () => clearTimeout(timer)
  }, [paused, toast.id])
  const { action, message, tone = 'plain' } = toast
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only pauses the timeout
    <div
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
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
