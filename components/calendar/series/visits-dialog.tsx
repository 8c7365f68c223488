'use client'
import { useRef, useState } from 'react'
import { useSeriesToasts } from '#components/series/use-series-toasts.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import type { Todo } from '#lib/appointments/todo/schema.ts'
import { useTodo } from '../todo/use-todo.ts'
import { MoveOfferItem } from './move-offer-item.tsx'
import { OpenVisitItem } from './open-visit-item.tsx'
import { type Settled, SettledVisit } from './settled-visit.tsx'

type VisitsDialogProps = { initial: Todo; zone: string; onClose: () => void }

/** Visits of series that wait for a person: those that need a time, and those moved in Google. */
export default function VisitsDialog({ initial, zone, onClose }: VisitsDialogProps) {
  const { visits = [], visitCount = 0, moveOffers = [] } = useTodo(initial)
  const { refetch, showDone, showChanged } = useSeriesToasts()
  // Gone from the questions at once, before the list is read again.
  const [settled, setSettled] = useState<readonly (Settled & { key: string })[]>([])
  const list = useRef<HTMLDivElement>(null)
  const settle = (key: string) => (done: Settled) => {
    setSettled((before) => [...before, { ...done, key }])
    // The button that had it goes.
    list.current?.focus()
    void refetch()
  }
  const isOpen = (each: Keyed) => settled.every(({ key }) => key !== keyOf(each))
  const openVisits = visits.filter(isOpen)
  const openOffers = moveOffers.filter(isOpen)
  const showSettled = () => {
    for (const done of settled) showDone(done.message, done)
  }
  const close = () => {
    showSettled()
    onClose()
  }
  return (
    <Dialog open onClose={close} title="Visits to sort out" footer={<Button onClick={close}>Done</Button>}>
      <div ref={list} tabIndex={-1} className="outline-none">
        <div className="space-y-4">
          {openVisits.length + openOffers.length === 0 && <p className="text-ink-2">Everything is sorted out.</p>}
          {openVisits.length > 0 && (
            <section aria-label="Need a time">
              <h3 className="font-semibold">Need a time</h3>
              <ul className="divide-y divide-line">
                {openVisits.map((visit) => (
                  <OpenVisitItem key={keyOf(visit)} visit={visit} zone={zone} onSettled={settle(keyOf(visit))} />
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
                    zone={zone}
                    onSettled={settle(keyOf(offer))}
                    onMoved={async (changed) => {
                      showSettled()
                      await showChanged(changed, offer)
                      // So that its **Undo** can be reached.
                      onClose()
                    }}
                  />
                ))}
              </ul>
            </section>
          )}
        </div>
        <div role="status">
          {settled.length > 0 && (
            <ul aria-label="Sorted out" className="mt-4 divide-y divide-line border-t border-line text-sm">
              {settled.map(({ key, ...done }) => (
                <SettledVisit
                  key={key}
                  settled={done}
                  onUndone={() => {
                    setSettled((before) => before.filter((each) => each.key !== key))
                    list.current?.focus()
                  }}
                />
              ))}
            </ul>
          )}
        </div>
      </div>
    </Dialog>
  )
}

type Keyed = { seriesId: string; originalStart: string }

const keyOf = ({ seriesId, originalStart }: Keyed) => `${seriesId} ${originalStart}`
