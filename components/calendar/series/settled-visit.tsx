'use client'
import { useState } from 'react'
import { type Done, useSeriesToasts } from '#components/series/use-series-toasts.ts'
import { Button } from '#components/ui/button.tsx'

/** What was done to a visit, in words, and what takes it back. */
export type Settled = Done & { message: string }
export type OnSettled = (settled: Settled) => void

type SettledVisitProps = { settled: Settled; onUndone: () => void }

/** A visit that was sorted out while the dialog is open, which keeps toasts out of reach. */
export const SettledVisit = ({ settled: { message, operationId }, onUndone }: SettledVisitProps) => {
  const { undo } = useSeriesToasts()
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const takeBack = async (id: string) => {
    if (saving) return
    setSaving(true)
    const undone = await undo(id)
    setSaving(false)
    if (undone.ok) onUndone()
    else setProblem(undone.message)
  }
  return (
    <li className="py-1.5">
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 break-words text-ink-2">{message}</p>
        {operationId !== null && !problem && (
          <Button
            size="small"
            pending={saving}
            aria-label={`Undo: ${message}`}
            onClick={() => void takeBack(operationId)}
          >
            Undo
          </Button>
        )}
      </div>
      {problem && (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
    </li>
  )
}
