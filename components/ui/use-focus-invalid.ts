import { type RefObject, useEffect, useRef } from 'react'

/** The form, in which the first invalid field gets the focus whenever it is `refused` anew. */
export const useFocusInvalid = (refused: unknown, also = ''): RefObject<HTMLFormElement | null> => {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>(`[aria-invalid=true]${also}`)?.focus()
  }, [refused, also])
  return form
}
