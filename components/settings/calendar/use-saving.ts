import { useState, useTransition } from 'react'
import type { Result } from '#lib/result.ts'

/** Runs one action at a time. `refused` is its sentence, or what to do when the server could not be reached. */
export const useSaving = () => {
  const [pending, start] = useTransition()
  const [refused, setRefused] = useState<string | null>(null)
  const save = <T>(action: () => Promise<Result<T>>, then?: (value: T) => void) =>
    start(async () => {
      setRefused(null)
      try {
        const result = await action()
        if (result.ok) then?.(result)
        else setRefused(result.message)
      } catch {
        setRefused('That did not reach the server. Check your connection and try again.')
      }
    })
  return { pending, refused, save, setRefused }
}
