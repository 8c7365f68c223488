import type { NextRequest } from 'next/server'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { receiveNotification } from '#lib/sync/receive-notification.ts'

export const maxDuration = 60

/** The doorbell: no body is read, nothing is decided, and whoever rings gets the same answer. */
export const POST = async (request: NextRequest) => {
  await receiveNotification({
    channelId: request.headers.get('x-goog-channel-id') ?? '',
    secret: request.headers.get('x-goog-channel-token') ?? '',
    resourceId: request.headers.get('x-goog-resource-id') ?? '',
  })
  drainAfterResponse()
  return new Response(null, { status: 200 })
}
