import type { NextRequest } from 'next/server'
import { ring } from '#lib/sync/ring.ts'

/** The doorbell: no body is read, nothing is decided, and whoever rings gets the same answer. */
export const POST = async (request: NextRequest) => {
  await ring({
    channelId: request.headers.get('x-goog-channel-id') ?? '',
    secret: request.headers.get('x-goog-channel-token') ?? '',
    resourceId: request.headers.get('x-goog-resource-id') ?? '',
  })
  return new Response(null, { status: 200 })
}
