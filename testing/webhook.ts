import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { receiveNotification } from '#lib/sync/receive-notification.ts'

/** Where channels ring: the webhook's address, with the ways in which rings fail. */
export type Webhook = Awaited<ReturnType<typeof startWebhook>>
export type Rings = 'deliver' | 'lose' | 'double' | 'hold'

type Call = Parameters<typeof receiveNotification>[0]

export const startWebhook = async () => {
  let rings: Rings = 'lose'
  let held: Call[] = []
  let delivered: Call[] = []
  const underway = new Set<Promise<void>>()
  const deliver = (call: Call) => {
    delivered = [...delivered.slice(-20), call]
    const running = receiveNotification(call).finally(() => underway.delete(running))
    underway.add(running)
  }
  const answers: Record<Rings, (call: Call) => void> = {
    deliver,
    lose: () => {},
    double: (call) => {
      deliver(call)
      deliver(call)
    },
    hold: (call) => held.push(call),
  }
  const server = createServer((request, response) => {
    const header = (name: string) => String(request.headers[name] ?? '')
    answers[rings]({
      channelId: header('x-goog-channel-id'),
      secret: header('x-goog-channel-token'),
      resourceId: header('x-goog-resource-id'),
    })
    response.writeHead(200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next: Rings) => {
      rings = next
    },
    /** Late rings arrive now; `twice`: what was delivered before comes again too. */
    release: (twice: boolean) => {
      const late = [...held, ...(twice ? delivered : [])]
      held = []
      for (const call of late) deliver(call)
    },
    quiet: async () => {
      while (underway.size > 0) await Promise.all(underway)
    },
    forget: () => {
      held = []
      delivered = []
      rings = 'lose'
    },
    stop: async () => {
      rings = 'lose'
      while (underway.size > 0) await Promise.allSettled(underway)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
