/** One request of a batch, as it was sent. */
export type RequestPart = {
  /** Position in the batch, from 1. */
  position: number
  contentId?: string
  method: string
  /** The request target: path and query. */
  target: string
  headers: Record<string, string>
  body: Buffer
}

/**
 * The parts of a `multipart/mixed` body, or `undefined` if any of it is malformed. Lines may end
 * with LF, as in Google's own Python client.
 */
export function readRequestParts(contentType: string | undefined, body: Buffer): RequestPart[] | undefined {
  const boundary = boundaryOf(contentType ?? '')
  const bodies = boundary && splitBody(body.toString('latin1'), boundary)
  if (!bodies) return
  const parts = bodies.map((lines, index) => readPart(lines, index + 1))
  return parts.every((part) => part !== undefined) ? parts : undefined
}

/** RFC 2046: 1 to 70 characters, in quotes if any of them is special. */
function boundaryOf(contentType: string): string | undefined {
  const [type = '', ...parameters] = contentType.split(';')
  if (type.trim().toLowerCase() !== 'multipart/mixed') return
  for (const parameter of parameters) {
    const [, quoted, bare] = /^\s*boundary=(?:"([^"]{1,70})"|([^\s"]{1,70}))\s*$/i.exec(parameter) ?? []
    if (quoted ?? bare) return quoted ?? bare
  }
}

/** The lines of each part; the text before the first and after the closing delimiter is ignored. */
function splitBody(text: string, boundary: string): string[][] | undefined {
  const parts: string[][] = []
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const delimiter = line.startsWith(`--${boundary}`) ? line.trimEnd() : undefined
    if (delimiter === `--${boundary}--`) return parts
    if (delimiter === `--${boundary}`) parts.push([])
    else parts.at(-1)?.push(raw)
  }
}

function readPart(lines: string[], position: number): RequestPart | undefined {
  const outer = readHeaders(lines)
  const inner = outer?.rest && readRequest(outer.rest)
  if (!outer || !inner || !/^application\/http\s*(;|$)/i.test(outer.headers['content-type'] ?? '')) return
  const contentId = outer.headers['content-id']
  return { position, ...(contentId && { contentId }), ...inner }
}

/** The version is optional: Google's examples leave it out. */
function readRequest([first = '', ...lines]: string[]):
  | Pick<RequestPart, 'method' | 'target' | 'headers' | 'body'>
  | undefined {
  const [, method, target] = /^([A-Z]+) (\S+)(?: HTTP\/1\.[01])?\s*$/.exec(first) ?? []
  const read = readHeaders(lines)
  if (!method || !target || !read) return
  return { method, target, headers: read.headers, body: Buffer.from(read.rest.join('\n'), 'latin1') }
}

/** Header lines up to an empty line or the end, and the lines after it. */
function readHeaders(lines: string[]): { headers: Record<string, string>; rest: string[] } | undefined {
  const headers: Record<string, string> = {}
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') return { headers, rest: lines.slice(index + 1) }
    const [, name, value] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? []
    if (!name || value === undefined) return
    headers[name.toLowerCase()] = value
  }
  return { headers, rest: [] }
}
