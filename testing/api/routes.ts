import * as missing from '#app/api/v1/[...path]/route.ts'
import * as cancel from '#app/api/v1/appointments/[id]/cancel/route.ts'
import * as appointment from '#app/api/v1/appointments/[id]/route.ts'
import * as appointments from '#app/api/v1/appointments/route.ts'
import * as search from '#app/api/v1/appointments/search/route.ts'
import * as changes from '#app/api/v1/changes/route.ts'
import * as context from '#app/api/v1/context/route.ts'
import * as hold from '#app/api/v1/holds/[id]/route.ts'
import * as holds from '#app/api/v1/holds/route.ts'
import * as messages from '#app/api/v1/messages/route.ts'
import * as openapi from '#app/api/v1/openapi.json/route.ts'
import * as slots from '#app/api/v1/slots/route.ts'
import type { RouteContext } from '#lib/receptionist/http/handle.ts'

/** The route handlers of /api/v1 by path, as Next finds them. */

type Handlers = Omit<typeof slots, 'maxDuration'>
export type Method = keyof Handlers

const routes: [path: string, handlers: Handlers][] = [
  ['/context', context],
  ['/slots', slots],
  ['/holds', holds],
  ['/holds/{id}', hold],
  ['/appointments', appointments],
  ['/appointments/search', search],
  ['/appointments/{id}', appointment],
  ['/appointments/{id}/cancel', cancel],
  ['/messages', messages],
  ['/changes', changes],
  ['/openapi.json', openapi],
]

/** `context`: a path without parameters gets none from Next. */
export const routeOf = (pathname: string): { path: string; handlers: Handlers; context: RouteContext } => {
  for (const [path, handlers] of routes) {
    const match = new RegExp(`^${path.replace('{id}', '([^/]+)')}$`).exec(pathname)
    if (match) return { path, handlers, context: match[1] === undefined ? {} : contextOf({ id: match[1] }) }
  }
  return { path: pathname, handlers: missing, context: contextOf({ path: pathname.slice(1) }) }
}

const contextOf = (params: Record<string, string>): RouteContext => ({
  params: Promise.resolve(
    Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)])),
  ),
})
