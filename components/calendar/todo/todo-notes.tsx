'use client'
import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Todo } from '#lib/appointments/todo/schema.ts'
import { useTodo } from './use-todo.ts'

type TodoNotesProps = { initial: Todo; onOpenPending: () => void }

/** How many appointments need confirmation, and how many callers left a message. */
export const TodoNotes = ({ initial, onOpenPending }: TodoNotesProps) => {
  const { pendingCount, messageCount } = useTodo(initial)
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-5 empty:hidden">
      {pendingCount > 0 && (
        <p className="flex items-center gap-2 text-wait">
          <Icon name="help" className="size-3.5" />
          {pendingCount === 1
            ? 'One appointment needs confirmation.'
            : `${pendingCount} appointments need confirmation.`}
          <Button tone="quiet" className="!h-8 !px-2 text-wait underline md:!h-6" onClick={onOpenPending}>
            Show {pendingCount === 1 ? 'it' : 'them'}
          </Button>
        </p>
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
