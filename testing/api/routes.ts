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

export const routeOf = (pathname: string) => {
  for (const [path, handlers] of routes) {
    const match = new RegExp(`^${path.replace('{id}', '([^/]+)')}$`).exec(pathname)
    if (match) return { path, handlers, params: match[1] === undefined ? {} : { id: decodeURIComponent(match[1]) } }
  }
  return { path: pathname, handlers: missing, params: { path: pathname.split('/').slice(1) } }
}
