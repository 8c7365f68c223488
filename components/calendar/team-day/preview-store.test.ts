import { expect, test, vi } from 'vitest'
import { createPreviewStore } from './preview-store.ts'

const preview = (columnId: string, from: number) => ({ columnId, from, to: from + 60, appointment: null, place: null })

test('only the column of the preview sees it, and an unchanged preview notifies no one', () => {
  const store = createPreviewStore()
  const changed = vi.fn()
  const stop = store.subscribe(changed)
  store.show(preview('mia', 540))
  store.show(preview('mia', 540))
  expect(changed).toHaveBeenCalledTimes(1)
  expect(store.inColumn('mia')).toMatchObject({ from: 540 })
  expect(store.inColumn('tom')).toBeNull()
  store.show(null)
  expect(store.inColumn('mia')).toBeNull()
  stop()
  store.show(preview('tom', 540))
  expect(changed).toHaveBeenCalledTimes(2)
})
