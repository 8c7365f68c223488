import { useState, useTransition } from 'react'
import { unreachable } from '#components/ui/unreachable.ts'
import type { Result } from '#lib/result.ts'

/** Runs one action at a time. `refused`: the sentence of its refusal. */
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
        setRefused(unreachable)
      }
    })
  return { pending, refused, save, setRefused }
}
