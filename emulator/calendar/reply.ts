import type { Context, Reply } from '../http.ts'
import { CACHE_HEADERS, refused } from './errors.ts'
import { pickFields } from './fields.ts'

/** Reply with a resource; applies `fields`, `prettyPrint`, ETag and `If-None-Match`. */
export function resourceReply(context: Context, resource: object): Reply {
  const etag = 'etag' in resource && typeof resource.etag === 'string' ? resource.etag : undefined
  const headers: Record<string, string> = {
    ...CACHE_HEADERS,
    'content-type': 'application/json; charset=UTF-8',
  }
  if (etag) headers.etag = etag
  if (etag && context.method === 'GET' && context.headers['if-none-match'] === etag) return { status: 304, headers }
  const alt = context.query.get('alt')
  if (alt && alt !== 'json') throw refused(400, 'badRequest')
  const fields = context.query.get('fields')
  const body = fields ? pickFields(resource, fields) : resource
  return { status: 200, headers, body: JSON.stringify(body, null, pretty(context) ? 1 : undefined) }
}

function pretty(context: Context): boolean {
  return context.query.get('prettyPrint') !== 'false'
}

export function noContent(): Reply {
  return { status: 204, headers: { ...CACHE_HEADERS } }
}
