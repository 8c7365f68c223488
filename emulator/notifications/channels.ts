import { createHash } from 'node:crypto'
import { authenticate, openCalendar } from '../calendar/access.ts'
import { invalid, refused, required } from '../calendar/errors.ts'
import { noContent, resourceReply } from '../calendar/reply.ts'
import type { Context, Reply } from '../http.ts'
import type { Channel } from '../model.ts'
import type { World } from '../world.ts'
import { notifyChannel } from './notify.ts'

type WatchBody = {
  id?: string
  type?: string
  address?: string
  token?: string
  expiration?: string | number
  params?: { ttl?: string | number }
}

export function watchEvents(context: Context): Promise<Reply> {
  const caller = authenticate(context, 'events.watch')
  const { calendar } = openCalendar(context, caller)
  if (!calendar.push)
    throw refused(400, 'pushNotSupportedForRequestedResource', 'Push notifications are not supported by this resource.')
  const pathId = encodeURIComponent(context.params.calendarId ?? '')
  return openChannel(context, {
    caller,
    calendarId: calendar.id,
    uri: `/calendars/${pathId}/events?alt=json`,
  })
}

export function watchCalendarList(context: Context): Promise<Reply> {
  const caller = authenticate(context, 'calendarList.watch')
  return openChannel(context, { caller, uri: '/users/me/calendarList?alt=json' })
}

async function openChannel(
  context: Context,
  { caller, calendarId, uri }: { caller: { email: string; clientId: string }; calendarId?: string; uri: string },
): Promise<Reply> {
  const { world } = context
  const body = readChannelBody(context)
  const channel: Channel = {
    ...readChannel(world, body),
    email: caller.email,
    clientId: caller.clientId,
    calendarId,
    resourceId: createHash('sha256')
      .update(calendarId ?? `list ${caller.email}`)
      .digest('base64url')
      .slice(0, 27),
    resourceUri: `https://www.googleapis.com/calendar/v3${uri}`,
    messages: 0,
  }
  world.state.channels.set(channel.id, channel)
  world.touch()
  if (world.state.switches.syncMessageFirst) await notifyChannel(world, channel, 'sync')
  else setImmediate(() => void notifyChannel(world, channel, 'sync'))
  return resourceReply(context, {
    kind: 'api#channel',
    id: channel.id,
    resourceId: channel.resourceId,
    resourceUri: channel.resourceUri,
    ...(channel.token && { token: channel.token }),
    expiration: String(channel.expiration),
  })
}

function readChannelBody(context: Context): WatchBody {
  try {
    const body = JSON.parse(context.body.toString()) as WatchBody
    context.logFields.requestBody = body
    return body
  } catch {
    throw refused(400, 'parseError')
  }
}

function readChannel(world: World, body: WatchBody): Pick<Channel, 'id' | 'address' | 'token' | 'expiration'> {
  const { id, type, address, token } = body
  if (!id) throw required('Missing channel id.')
  if (id.length > 64 || !/^[A-Za-z0-9\-_+/=]+$/.test(id))
    throw refused(400, 'push.channelIdInvalid', `Invalid channel id ${id}`)
  if (!type) throw required('Missing channel type.')
  if (type !== 'web_hook' && type !== 'webhook') throw invalid(`Invalid channel type ${type}`)
  if (!address) throw required('Missing channel address.')
  checkAddress(address)
  if (token && token.length > 256) throw invalid('Channel token too long.')
  if (world.state.channels.has(id)) throw refused(400, 'channelIdNotUnique', `Channel id ${id} not unique`)
  return { id, address, token, expiration: readExpiration(world, body) }
}

function checkAddress(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const local = url && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return
  throw refused(400, 'push.webhookUrlNotHttps', `WebHook callback must be HTTPS: ${address}`)
}

/** `channelMaxSeconds` is the default lifetime and the maximum; longer ones are shortened. */
function readExpiration(world: World, { expiration, params }: WatchBody): number {
  const now = world.now()
  const longest = now + world.state.switches.channelMaxSeconds * 1000
  const requested = params?.ttl !== undefined ? now + Number(params.ttl) * 1000 : Number(expiration ?? longest)
  if (Number.isNaN(requested) || requested <= now) {
    throw invalid(`Invalid ttl value for channel ${Math.round((requested - now) / 1000)}`)
  }
  return Math.min(Math.floor(requested), longest)
}

export function stopChannel(context: Context): Reply {
  const caller = authenticate(context, 'channels.stop')
  const { id, resourceId } = readChannelBody(context) as { id?: string; resourceId?: string }
  if (!id) throw required('Missing channel id.')
  if (!resourceId) throw required('Missing resource id.')
  const channel = context.world.state.channels.get(id)
  const known =
    channel?.resourceId === resourceId &&
    channel.email === caller.email &&
    channel.clientId === caller.clientId &&
    channel.expiration > context.world.now()
  if (!known) throw refused(404, 'notFound', `Channel '${id}' not found for project '${caller.clientId}'`)
  context.world.state.channels.delete(id)
  context.world.touch()
  return noContent()
}
