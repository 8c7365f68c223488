'use client'
import { useCallback, useEffect, useState, useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Note } from '#components/ui/note.tsx'
import { Pill } from '#components/ui/pill.tsx'
import { Spinner } from '#components/ui/spinner.tsx'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { deliveryLogOf, replayWebhook } from '#lib/webhooks/actions.ts'
import type { DeliveryLog } from '#lib/webhooks/read.ts'
import type { Delivery, Webhook } from '#lib/webhooks/schema.ts'
import { failureWords } from '#lib/webhooks/words.ts'

type DeliveriesDialogProps = { businessId: string; webhook: Webhook; onClose: () => void }

/** The last hundred messages and their answers; what failed can be sent again. */
export const DeliveriesDialog = ({ businessId, webhook, onClose }: DeliveriesDialogProps) => {
  const { id } = webhook
  const [log, setLog] = useState<DeliveryLog | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const load = useCallback(async () => {
    const loaded = await deliveryLogOf({ businessId, id }).catch(() => null)
    if (loaded?.ok) setLog(loaded)
    setRefused(loaded?.ok ? null : (loaded?.message ?? unreachable))
  }, [businessId, id])
  useEffect(() => start(load), [load])
  const sendAgain = (deliveryId: string | null) =>
    start(async () => {
      const sent = await replayWebhook({ businessId, id, deliveryId }).catch(() => null)
      if (sent?.ok) await load()
      else setRefused(sent?.message ?? unreachable)
    })
  const isOn = webhook.state.is !== 'off'
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={`Deliveries to ${new URL(webhook.url).host}`}
      footer={
        <>
          <Button pending={pending} onClick={() => start(load)}>
            Refresh
          </Button>
          {isOn && log !== null && log.failed > 0 && (
            <Button pending={pending} onClick={() => sendAgain(null)}>
              Send all failed again ({log.failed})
            </Button>
          )}
        </>
      }
    >
      {refused && (
        <Note tone="bad" role="alert" className="mb-3">
          {refused}
        </Note>
      )}
      {log === null && !refused && <Spinner />}
      {log?.deliveries.length === 0 && <p className="text-ink-2">Nothing was sent yet. “Send a test” tries it.</p>}
      <ul className="divide-y divide-line">
        {log?.deliveries.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            delivery={delivery}
            onReplay={isOn && delivery.state === 'failed' ? () => sendAgain(delivery.id) : null}
          />
        ))}
      </ul>
    </Dialog>
  )
}

type DeliveryRowProps = { delivery: Delivery; onReplay: (() => void) | null }

const DeliveryRow = ({ delivery, onReplay }: DeliveryRowProps) => (
  <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
    <div className="min-w-0 flex-1 basis-48 leading-snug">
      <p className="flex flex-wrap items-center gap-x-2">
        <code className="text-sm break-all">{delivery.type ?? 'webhook.test'}</code>
        <StatePill {...delivery} />
      </p>
      <p className="text-sm text-ink-3">
        <TimeAgo at={delivery.createdAt} />
        {detailsOf(delivery).map((detail) => ` · ${detail}`)}
      </p>
    </div>
    {onReplay && (
      <Button size="small" aria-label={`Send ${delivery.type ?? 'the test'} again`} onClick={onReplay}>
        Send again
      </Button>
    )}
  </li>
)

const StatePill = ({ state, attempts }: Delivery) => {
  if (state === 'delivered') return <Pill tone="good">Arrived</Pill>
  if (state === 'failed') return <Pill tone="bad">Failed</Pill>
  return <Pill tone="wait">{attempts === 0 ? 'Waiting' : 'Tried again soon'}</Pill>
}

const detailsOf = ({ status, error, ms, attempts }: Delivery): string[] => [
  ...(error !== null ? [failureWords({ error, status })] : []),
  ...(error === null && status !== null ? [`Answered ${status}`] : []),
  ...(ms !== null ? [`${ms} ms`] : []),
  ...(attempts > 1 ? [`${attempts} attempts`] : []),
]
