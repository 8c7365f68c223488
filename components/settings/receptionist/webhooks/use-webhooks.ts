'use client'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { setWebhookOn, testWebhook } from '#lib/webhooks/actions.ts'

type Which = { businessId: string; id: string; host: string }

export const sendTest = async ({ businessId, id, host }: Which) => {
  const sent = await testWebhook({ businessId, id }).catch(() => null)
  if (sent?.ok) toasts.show({ message: `A test was sent to ${host}. Deliveries shows its answer.` })
  else toasts.show({ message: sent?.message ?? unreachable, tone: 'bad' })
}

export const switchOn = async ({ businessId, id, host, on }: Which & { on: boolean }) => {
  const switched = await setWebhookOn({ businessId, id, on }).catch(() => null)
  if (switched?.ok) toasts.show({ message: `The webhook to ${host} is ${on ? 'on' : 'off'}.` })
  else toasts.show({ message: switched?.message ?? unreachable, tone: 'bad' })
}
