import type { NextRequest } from 'next/server'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { receiveNotification } from '#lib/sync/receive-notification.ts'

export const maxDuration = 60

/** Receives push notifications. Reads no body and answers 200 to everyone, valid channel or not. */
export const POST = async (request: NextRequest) => {
  await receiveNotification({
    channelId: request.headers.get('x-goog-channel-id') ?? '',
    secret: request.headers.get('x-goog-channel-token') ?? '',
    resourceId: request.headers.get('x-goog-resource-id') ?? '',
  })
  drainAfterResponse()
  return new Response(null, { status: 200 })
}
