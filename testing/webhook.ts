import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { receiveNotification } from '#lib/sync/receive-notification.ts'

/** The receiver of push notifications, with the ways in which they fail. */
export type Webhook = Awaited<ReturnType<typeof startWebhook>>
export type NotificationMode = 'deliver' | 'lose' | 'double' | 'hold'

type Call = Parameters<typeof receiveNotification>[0]

export const startWebhook = async () => {
  let mode: NotificationMode = 'lose'
  let delayed: Call[] = []
  let delivered: Call[] = []
  const running = new Set<Promise<void>>()
  const deliver = (call: Call) => {
    delivered = [...delivered.slice(-20), call]
    const handling = receiveNotification(call).finally(() => running.delete(handling))
    running.add(handling)
  }
  const handlers: Record<NotificationMode, (call: Call) => void> = {
    deliver,
    lose: () => {},
    double: (call) => {
      deliver(call)
      deliver(call)
    },
    hold: (call) => delayed.push(call),
  }
  const server = createServer((request, response) => {
    const header = (name: string) => String(request.headers[name] ?? '')
    handlers[mode]({
      channelId: header('x-goog-channel-id'),
      secret: header('x-goog-channel-token'),
      resourceId: header('x-goog-resource-id'),
    })
    response.writeHead(200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next: NotificationMode) => {
      mode = next
    },
    /** How many are held. */
    held: () => delayed.length,
    /** Delivers what was held; `twice`: repeats recent deliveries as well. */
    release: (twice: boolean) => {
      const late = [...delayed, ...(twice ? delivered : [])]
      delayed = []
      for (const call of late) deliver(call)
    },
    /** Waits for deliveries that are being handled. */
    idle: async () => {
      while (running.size > 0) await Promise.all(running)
    },
    reset: () => {
      delayed = []
      delivered = []
      mode = 'lose'
    },
    stop: async () => {
      mode = 'lose'
      while (running.size > 0) await Promise.allSettled(running)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
