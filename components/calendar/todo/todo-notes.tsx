'use client'
import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Todo } from '#lib/appointments/todo/schema.ts'
import { useTodo } from './use-todo.ts'

type TodoNotesProps = { initial: Todo; onOpen: (kind: 'pending' | 'visits') => void }

/** What waits for a person: appointments, visits of series, and messages of callers. */
export const TodoNotes = ({ initial, onOpen }: TodoNotesProps) => {
  const { pendingCount, messageCount, visitCount = 0, moveOffers = [] } = useTodo(initial)
  const moved = moveOffers.length
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-5 empty:hidden">
      {pendingCount > 0 && (
        <Waiting count={pendingCount} onShow={() => onOpen('pending')}>
          {pendingCount === 1
            ? 'One appointment needs confirmation.'
            : `${pendingCount} appointments need confirmation.`}
        </Waiting>
      )}
      {visitCount > 0 && (
        <Waiting count={visitCount} onShow={() => onOpen('visits')}>
          {visitCount === 1 ? 'One visit needs a time.' : `${visitCount} visits need a time.`}
        </Waiting>
      )}
      {moved > 0 && (
        <Waiting count={moved} onShow={() => onOpen('visits')}>
          {moved === 1 ? 'One visit was moved in Google.' : `${moved} visits were moved in Google.`}
        </Waiting>
      )}
      {messageCount > 0 && (
        <p className="flex items-center gap-2">
          <Icon name="headset" className="size-3.5 text-ink-2" />
          <Link
            href="/settings/receptionist#messages"
            className="inline-flex h-8 items-center font-medium underline underline-offset-2 md:h-6"
          >
            {messageCount === 1 ? 'One message from a caller' : `${messageCount} messages from callers`}
          </Link>
        </p>
      )}
    </div>
  )
}

type WaitingProps = { count: number; onShow: () => void; children: string }

const Waiting = ({ count, onShow, children }: WaitingProps) => (
  <p className="flex items-center gap-2 text-wait">
    <Icon name="help" className="size-3.5" />
    {children}
    <Button tone="quiet" className="!h-8 !px-2 text-wait underline md:!h-6" onClick={onShow}>
      Show {count === 1 ? 'it' : 'them'}
    </Button>
  </p>
)
