'use client'
import Link from 'next/link'
import { startTransition, useOptimistic } from 'react'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { Card, CardHeader } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { showUndo } from '#components/ui/undo-toast.ts'
import { unreachable } from '#components/ui/unreachable.ts'
import { shortDateTime } from '#lib/dates/format.ts'
import { setMessageDone } from '#lib/receptionist/messages/actions.ts'
import type { MessagesPage } from '#lib/receptionist/messages/loaders.ts'
import type { Message } from '#lib/receptionist/messages/schema.ts'

type MessagesCardProps = {
  page: MessagesPage
  timeZone: string
  /** Older ones that are done are shown. */
  isPaged: boolean
}

/** What callers want a call back about; everyone in the team works them off. */
export const MessagesCard = ({ page, timeZone, isPaged }: MessagesCardProps) => {
  const { businessId, open, done, next } = page
  const [gone, hide] = useOptimistic<readonly string[], string>([], (ids, id) => [...ids, id])
  const mark = (message: Message, isDone: boolean) =>
    startTransition(async () => {
      hide(message.id)
      await setDone(businessId, message, isDone)
    })
  const shownOpen = open.filter(({ id }) => !gone.includes(id))
  const shownDone = done.filter(({ id }) => !gone.includes(id))
  return (
    <Card labelledBy="messages">
      <CardHeader
        id="messages"
        title="Messages"
        lead="Left by callers whom Sophiie could not book. Ring them back, then mark them as done."
      />
      {shownOpen.length === 0 ? (
        <p className="px-4 py-6 text-center text-ink-2 md:px-5">
          {shownDone.length === 0 && !isPaged ? 'No messages yet.' : 'All messages are done.'}
        </p>
      ) : (
        <ul aria-label="Open messages" className="divide-y divide-line">
          {shownOpen.map((message) => (
            <MessageRow key={message.id} message={message} timeZone={timeZone}>
              <Button aria-label={`Done: ${callerOf(message)}`} onClick={() => mark(message, true)}>
                <Icon name="check" className="size-3.5" />
                Done
              </Button>
            </MessageRow>
          ))}
        </ul>
      )}
      {(shownDone.length > 0 || isPaged) && (
        <details open={isPaged} className="group border-t border-line">
          <summary className="flex h-11 cursor-pointer items-center gap-2 px-4 text-sm font-medium text-ink-2 -outline-offset-2 md:px-5">
            <Icon name="chevron-right" className="size-3.5 transition-transform group-open:rotate-90" />
            Done
          </summary>
          <ul aria-label="Messages that are done" className="divide-y divide-line border-t border-line">
            {shownDone.map((message) => (
              <MessageRow key={message.id} message={message} timeZone={timeZone}>
                <Button
                  size="small"
                  tone="quiet"
                  aria-label={`Open again: ${callerOf(message)}`}
                  onClick={() => mark(message, false)}
                >
                  Open again
                </Button>
              </MessageRow>
            ))}
          </ul>
          {(isPaged || next) && (
            <nav aria-label="Pages of messages" className="flex gap-2.5 border-t border-line px-4 py-3 md:px-5">
              {isPaged && (
                <Link href="/settings/receptionist#messages" className={buttonClass('plain', 'small')}>
                  Newest
                </Link>
              )}
              {next && (
                <Link
                  href={`/settings/receptionist?done=${encodeURIComponent(next)}#messages`}
                  className={buttonClass('plain', 'small')}
                >
                  Older
                </Link>
              )}
            </nav>
          )}
        </details>
      )}
    </Card>
  )
}

const setDone = async (businessId: string, message: Message, done: boolean) => {
  const { id } = message
  const result = await setMessageDone({ businessId, id, done }).catch(() => null)
  if (!result?.ok) return toasts.show({ message: result?.message ?? unreachable, tone: 'bad' })
  const what = `The message of ${callerOf(message)} is ${done ? 'done' : 'open again'}.`
  showUndo(what, () => setMessageDone({ businessId, id, done: !done }))
}

const callerOf = ({ name, phone }: Message) => name || phone || 'an unknown caller'

type MessageRowProps = { message: Message; timeZone: string; children: React.ReactNode }

const MessageRow = ({ message, timeZone, children }: MessageRowProps) => {
  const { name, phone, wish, service, at, done } = message
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 md:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <b className="font-semibold break-words">{callerOf(message)}</b>
          {phone && (
            <a
              href={`tel:${phone}`}
              aria-label={`Ring ${name || 'the caller'}, ${phone}`}
              className="inline-flex min-h-6 items-center text-accent tabular-nums underline underline-offset-2"
            >
              {phone}
            </a>
          )}
        </p>
        <p className="break-words whitespace-pre-line">{wish}</p>
        <p className="text-sm text-ink-3">
          {[service, shortDateTime(at, timeZone), done && `done by ${done.by}, ${shortDateTime(done.at, timeZone)}`]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {children}
    </li>
  )
}
