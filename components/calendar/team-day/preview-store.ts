import type { Preview } from './gesture.ts'

export type PreviewStore = ReturnType<typeof createPreviewStore>

/** The preview of the current gesture, outside of React's state: only its column renders. */
export const createPreviewStore = () => {
  let preview: Preview | null = null
  const listeners = new Set<() => void>()
  return {
    show: (next: Preview | null) => {
      if (next && preview && isSame(next, preview)) return
      preview = next
      for (const listener of listeners) listener()
    },
    current: () => preview,
    inColumn: (columnId: string) => (preview?.columnId === columnId ? preview : null),
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

const isSame = (a: Preview, b: Preview) => a.columnId === b.columnId && a.from === b.from && a.to === b.to
