'use client'
import { useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Todo } from '#lib/appointments/todo/schema.ts'
import type { ChangeDeps } from '../changes.ts'
import { useTodo } from '../todo/use-todo.ts'
import { MoveOfferItem } from './move-offer-item.tsx'
import { OpenVisitItem } from './open-visit-item.tsx'

type VisitsDialogProps = { initial: Todo; deps: ChangeDeps; onClose: () => void }

/** Visits of series that wait for a person: those that need a time, and those moved in Google. */
export default function VisitsDialog({ initial, deps, onClose }: VisitsDialogProps) {
  const { visits = [], visitCount = 0, moveOffers = [] } = useTodo(initial)
  // Gone at once, before the list is read again.
  const [settled, setSettled] = useState<readonly string[]>([])
  const list = useRef<HTMLDivElement>(null)
  const settle = (key: string) => {
    setSettled((before) => [...before, key])
    // The button that had it goes.
    list.current?.focus()
  }
  const openVisits = visits.filter((visit) => !settled.includes(keyOf(visit)))
  const openOffers = moveOffers.filter((offer) => !settled.includes(keyOf(offer)))
  return (
    <Dialog open onClose={onClose} title="Visits to sort out" footer={<Button onClick={onClose}>Done</Button>}>
      <div ref={list} tabIndex={-1} className="space-y-4 outline-none">
        {openVisits.length + openOffers.length === 0 && <p className="text-ink-2">Everything is sorted out.</p>}
        {openVisits.length > 0 && (
          <section aria-label="Need a time">
            <h3 className="font-semibold">Need a time</h3>
            <ul className="divide-y divide-line">
              {openVisits.map((visit) => (
                <OpenVisitItem key={keyOf(visit)} visit={visit} deps={deps} onSettled={() => settle(keyOf(visit))} />
              ))}
            </ul>
            {visitCount > visits.length && (
              <p className="mt-1 text-sm text-ink-2">and {visitCount - visits.length} more</p>
            )}
          </section>
        )}
        {openOffers.length > 0 && (
          <section aria-label="Moved in Google">
            <h3 className="font-semibold">Moved in Google</h3>
            <ul className="divide-y divide-line">
              {openOffers.map((offer) => (
                <MoveOfferItem
                  key={keyOf(offer)}
                  offer={offer}
                  zone={deps.zone}
                  onSettled={() => settle(keyOf(offer))}
                  // So that its **Undo** can be reached.
                  onMoved={onClose}
                />
              ))}
            </ul>
          </section>
        )}
      </div>
    </Dialog>
  )
}

const keyOf = ({ seriesId, originalStart }: { seriesId: string; originalStart: string }) =>
  `${seriesId} ${originalStart}`
