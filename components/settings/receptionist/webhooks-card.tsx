'use client'
import Link from 'next/link'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { MenuButton } from '#components/ui/menu.tsx'
import { Pill } from '#components/ui/pill.tsx'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import type { WebhooksPage } from '#lib/webhooks/loaders.ts'
import { changeTypes, type Webhook } from '#lib/webhooks/schema.ts'
import { offWords } from '#lib/webhooks/words.ts'
import { DeleteWebhookDialog } from './webhooks/delete-webhook-dialog.tsx'
import { DeliveriesDialog } from './webhooks/deliveries-dialog.tsx'
import { RotateSecretDialog } from './webhooks/rotate-secret-dialog.tsx'
import { sendTest, switchOn } from './webhooks/use-webhooks.ts'
import { WebhookDialog } from './webhooks/webhook-dialog.tsx'

type Open = { dialog: 'edit' | 'rotate' | 'deliveries' | 'delete'; webhook: Webhook } | { dialog: 'add' }

/** Where changes are sent, whether they arrive, and what did not. */
export const WebhooksCard = ({ businessId, webhooks, now }: WebhooksPage) => {
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  return (
    <Card labelledBy="webhooks">
      <CardHeader
        id="webhooks"
        title="Webhooks"
        lead={
          <>
            Sophiie sends each change to your own server.{' '}
            <Link href="/help/webhooks" prefetch={false} className="text-accent underline underline-offset-2">
              How to receive them
            </Link>
          </>
        }
      >
        <Button onClick={() => setOpen({ dialog: 'add' })}>Add webhook</Button>
      </CardHeader>
      {webhooks.length === 0 ? (
        <CardBody className="text-ink-2">No webhooks. Programs can also ask for changes with a key.</CardBody>
      ) : (
        <ul className="divide-y divide-line">
          {webhooks.map((webhook) => (
            <WebhookRow
              key={webhook.id}
              businessId={businessId}
              webhook={webhook}
              now={now}
              onOpen={(dialog) => setOpen({ dialog, webhook })}
            />
          ))}
        </ul>
      )}
      {open?.dialog === 'add' && <WebhookDialog businessId={businessId} webhook={null} onClose={close} />}
      {open?.dialog === 'edit' && <WebhookDialog businessId={businessId} webhook={open.webhook} onClose={close} />}
      {open?.dialog === 'rotate' && (
        <RotateSecretDialog businessId={businessId} webhook={open.webhook} onClose={close} />
      )}
      {open?.dialog === 'deliveries' && (
        <DeliveriesDialog businessId={businessId} webhook={open.webhook} onClose={close} />
      )}
      {open?.dialog === 'delete' && (
        <DeleteWebhookDialog businessId={businessId} webhook={open.webhook} onClose={close} />
      )}
    </Card>
  )
}

type WebhookRowProps = {
  businessId: string
  webhook: Webhook
  now: string
  onOpen: (dialog: 'edit' | 'rotate' | 'deliveries' | 'delete') => void
}

const WebhookRow = ({ businessId, webhook, now, onOpen }: WebhookRowProps) => {
  const { id, url, types, state, rotatingUntil } = webhook
  const { host } = new URL(url)
  const isOn = state.is !== 'off'
  const entries = [
    ...(isOn ? [{ id: 'test', label: 'Send a test', onPress: () => sendTest({ businessId, id, host }) }] : []),
    { id: 'edit', label: 'Edit', onPress: () => onOpen('edit') },
    { id: 'rotate', label: 'Rotate the secret', onPress: () => onOpen('rotate') },
    {
      id: 'switch',
      label: isOn ? 'Switch off' : 'Switch on',
      onPress: () => switchOn({ businessId, id, host, on: !isOn }),
    },
    { id: 'delete', label: 'Delete', onPress: () => onOpen('delete') },
  ]
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 md:px-5">
      <div className="min-w-0 flex-1 basis-64 leading-snug">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <b className="font-semibold break-all">{url}</b>
          <StatePill state={state} />
        </p>
        <p className="text-sm text-ink-2">{typesInWords(types)}</p>
        <p className="text-sm text-ink-3">
          <StateLine state={state} now={now} />
          {rotatingUntil && ' The previous secret signs as well for a day.'}
        </p>
      </div>
      <div className="flex items-center gap-1.5">
        <Button size="small" aria-label={`Deliveries to ${host}`} onClick={() => onOpen('deliveries')}>
          Deliveries
        </Button>
        <MenuButton label="More" name={`More for ${host}`} tone="quiet" entries={entries} />
      </div>
    </li>
  )
}

const StatePill = ({ state }: { state: Webhook['state'] }) => {
  if (state.is === 'on') return <Pill tone="good">On</Pill>
  return state.is === 'failing' ? <Pill tone="bad">Failing</Pill> : <Pill>Off</Pill>
}

const StateLine = ({ state, now }: { state: Webhook['state']; now: string }) => {
  if (state.is === 'on') return null
  if (state.is === 'off') return offWords[state.why]
  return (
    <>
      No message has arrived since <TimeAgo at={state.since} now={now} />. Sophiie keeps trying.
    </>
  )
}

const typesInWords = (types: readonly string[]) => {
  if (types.length === 0) return 'All changes'
  return types.length === 1 ? types[0] : `${types.length} of ${changeTypes.length} kinds of change`
}
