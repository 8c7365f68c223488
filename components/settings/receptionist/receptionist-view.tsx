import type { ReceptionistQuery } from '#lib/receptionist/settings/loaders.ts'
import { receptionistPage } from '#lib/receptionist/settings/loaders.ts'
import { CallsCard } from './calls-card.tsx'
import { KeysCard } from './keys-card.tsx'
import { MessagesCard } from './messages-card.tsx'
import { SwitchCard } from './switch-card.tsx'
import { WebhooksCard } from './webhooks-card.tsx'

/** Staff work off the messages; the rest is for owners. */
export const ReceptionistView = async ({ query }: { query: ReceptionistQuery }) => {
  const { messages, timeZone, owner } = await receptionistPage(query)
  if (!owner) return <MessagesCard page={messages} timeZone={timeZone} isPaged={query.done !== undefined} />
  const { settings, calls, keys, services, members, webhooks } = owner
  return (
    <>
      <SwitchCard settings={settings} />
      <MessagesCard page={messages} timeZone={timeZone} isPaged={query.done !== undefined} />
      <CallsCard page={calls} hasKey={keys.some(({ revokedAt }) => revokedAt === null)} />
      <KeysCard businessId={messages.businessId} keys={keys} services={services} members={members} />
      <WebhooksCard {...webhooks} />
    </>
  )
}
