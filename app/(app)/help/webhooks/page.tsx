import type { Metadata } from 'next'
import { WebhooksHelp } from '#components/help/webhooks.tsx'

export const metadata: Metadata = { title: 'Webhooks · Help' }

export default function Page() {
  return <WebhooksHelp />
}
