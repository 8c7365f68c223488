import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRequestParts } from '../../../emulator/batch/request-parts.ts'
import { type RequestPart, readParts, writeParts } from './multipart.ts'

const batchId = '3f0e'
const boundary = 'batch_Idre0l1auw=_AAeL0d8f2Iw='
const contentType = `multipart/mixed; boundary=${boundary}`

/** An answer as Google sends it, with one part per position. */
const answerTo = (positions: number[], { eol = '\r\n', body = (position: number) => `{"id":"e${position}"}` } = {}) =>
  [
    ...positions.flatMap((position) => [
      `--${boundary}`,
      'Content-Type: application/http',
      `Content-ID: <response-${batchId}-${position + 1}>`,
      '',
      'HTTP/1.1 200 OK',
      `ETag: "${position}"`,
      'Content-Type: application/json; charset=UTF-8',
      '',
      body(position),
    ]),
    `--${boundary}--`,
    '',
  ].join(eol)

const read = (body: string, type = contentType) => readParts({ contentType: type, body }, batchId)
const positions = (body: string) => [...(read(body) ?? [])].map(([position]) => position)

describe('the writer', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '\r\n--batch_3f0e--\r\n',
      '\n--batch_3f0e\n',
      '\r\n\r\nHTTP/1.1 200 OK',
      '\0',
      '\u2028',
      '"',
      '\ud800',
    ),
  )
  const part = fc.record(
    {
      method: fc.constantFrom<RequestPart['method']>('GET', 'POST', 'PATCH', 'DELETE'),
      path: hostile.map((id) => `/calendar/v3/calendars/${encodeURIComponent(id.toWellFormed())}/events`),
      ifMatch: hostile,
      body: fc.dictionary(hostile, hostile),
    },
    { requiredKeys: ['method', 'path'] },
  )

  test('keeps any content within its part', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const written = writeParts(parts, batchId)
        const received = readRequestParts(written.contentType, Buffer.from(written.body))
        expect(received?.map(({ method, target }) => [method, target])).toEqual(
          parts.map(({ method, path }) => [method, path]),
        )
        for (const [index, { ifMatch, body }] of parts.entries()) {
          const other = received?.[index]
          expect(other?.contentId).toBe(`<${batchId}-${index + 1}>`)
          expect(other?.headers['if-match']).toBe(ifMatch?.replace(/[^\x20-\x7e]/g, '').trim())
          const text = other?.body.toString() ?? ''
          expect(text.trim()).toBe(body ? JSON.stringify(body) : '')
          if (body) expect(other?.headers['content-length']).toBe(String(Buffer.byteLength(JSON.stringify(body))))
        }
      }),
    )
  })

  test('ends its lines with CRLF', () => {
    const parts: RequestPart[] = [
      { method: 'PATCH', path: '/p', ifMatch: '"1"', body: { summary: 'Äh' } },
      { method: 'GET', path: '/g' },
    ]
    expect(writeParts(parts, batchId)).toEqual({
      contentType: 'multipart/mixed; boundary=batch_3f0e',
      body: [
        '--batch_3f0e',
        'Content-Type: application/http',
        'Content-ID: <3f0e-1>',
        '',
        'PATCH /p HTTP/1.1',
        'If-Match: "1"',
        'Content-Type: application/json',
        'Content-Length: 17',
        '',
        '{"summary":"Äh"}',
        '--batch_3f0e',
        'Content-Type: application/http',
        'Content-ID: <3f0e-2>',
        '',
        'GET /g HTTP/1.1',
        '',
        '',
        '--batch_3f0e--',
        '',
      ].join('\r\n'),
    })
  })
})

describe('the reader', () => {
  test.each(['\r\n', '\n'])(
    'reads status, headers and body, whatever the order, with lines that end with %j',
    (eol) => {
      const parts = read(answerTo([2, 0, 1], { eol }))
      expect(
        [...(parts ?? [])].map(([position, { status, headers, body }]) => [
          position,
          status,
          headers.get('etag'),
          body,
        ]),
      ).toEqual([
        [2, 200, '"2"', '{"id":"e2"}'],
        [0, 200, '"0"', '{"id":"e0"}'],
        [1, 200, '"1"', '{"id":"e1"}'],
      ])
    },
  )

  test('keeps a body of several lines, and reads a part that ends after its status or its headers', () => {
    const pretty = JSON.stringify({ id: 'e0', summary: `--${boundary}` }, null, 1).replaceAll('\n', '\r\n')
    const parts = read(answerTo([0], { body: () => pretty }))
    expect(JSON.parse(parts?.get(0)?.body ?? '')).toEqual({ id: 'e0', summary: `--${boundary}` })
    const status = `--${boundary}\r\nContent-ID: <response-3f0e-1>\r\n\r\nHTTP/1.1 204 No Content`
    for (const rest of ['', '\r\nVary: Origin', '\r\nVary: Origin\r\n', '\r\n\r\n'])
      expect(read(`${status}${rest}\r\n--${boundary}--`)?.get(0), rest).toMatchObject({ status: 204, body: '' })
  })

  test('accepts a boundary in quotes, and ignores what is outside of the delimiters', () => {
    expect(read(answerTo([0]), `Multipart/Mixed; boundary="${boundary}"; charset=UTF-8`)?.size).toBe(1)
    expect(positions(`Preamble\r\n${answerTo([0])}Epilogue\r\n${answerTo([1])}`)).toEqual([0])
    expect(
      positions(
        answerTo([0])
          .replaceAll('\r\n', ' \t\r\n')
          .replaceAll(/^[ \t]+$/gm, ''),
      ),
    ).toEqual([0])
  })

  test.each([
    'text/html',
    'application/json; charset=UTF-8',
    'multipart/mixed',
    'multipart/mixed; boundary=',
    'multipart/mixed; boundary=""',
    'multipart/form-data; boundary=x',
    `multipart/mixed; boundary=${'x'.repeat(201)}`,
    '',
  ])('takes %j for no batch', (type) => {
    expect(read(answerTo([0]), type)).toBeNull()
  })

  test.each([
    ['no Content-ID', (text: string) => text.replace(/^Content-ID.*\r\n/m, '')],
    ['the id of another batch', (text: string) => text.replace('3f0e-1', '3f0f-1')],
    ['an id without “response-”', (text: string) => text.replace('response-', '')],
    ['an id without brackets', (text: string) => text.replace('<response-3f0e-1>', 'response-3f0e-1')],
    ['the position 0', (text: string) => text.replace('3f0e-1', '3f0e-0')],
    ['a position that is no number', (text: string) => text.replace('3f0e-1', '3f0e-1e0')],
    ['two ids', (text: string) => text.replace('Content-ID', 'Content-ID: <response-3f0e-2>\r\nContent-ID')],
    ['no status line', (text: string) => text.replace('HTTP/1.1 200 OK\r\n', '')],
    ['a status that is none', (text: string) => text.replace('200 OK', '2000 OK')],
    ['a status below 200', (text: string) => text.replace('200 OK', '100 Continue')],
    ['a header without a colon', (text: string) => text.replace('ETag:', 'ETag')],
    ['a folded header', (text: string) => text.replace('ETag: ', 'ETag:\r\n ')],
    ['a header that is not ASCII', (text: string) => text.replace('"0"', '"ä"')],
    ['no line between the part’s headers and the status', (text: string) => text.replace('\r\n\r\nHTTP', '\r\nHTTP')],
    ['nothing at all', (text: string) => text.replace(/Content-Type: application\/http[\s\S]*"e0"}\r\n/, '')],
  ])('leaves out a part with %s, and reads the next', (_, change) => {
    expect(positions(change(answerTo([0, 1])))).toEqual([1])
  })

  test('leaves out both of two parts with one id', () => {
    expect(positions(answerTo([0, 1, 0]))).toEqual([1])
    expect(positions(answerTo([0, 0, 0, 1]))).toEqual([1])
  })

  test('reads the parts before a cut, and not the one that was cut', () => {
    const whole = answerTo([0, 1, 2])
    const parts = read(whole)
    const starts = [...whole.matchAll(new RegExp(`--${boundary}`, 'g'))].map(({ index }) => index)
    const delimiter = `--${boundary}--\r\n`.length
    for (let length = 0; length <= whole.length; length++) {
      const found = read(whole.slice(0, length))
      expect([...(found ?? [])]).toEqual([...(parts ?? [])].slice(0, found?.size))
      expect(found?.size).toBeGreaterThanOrEqual(starts.slice(1).filter((at) => at + delimiter <= length).length)
      expect(found?.size).toBeLessThanOrEqual(starts.slice(1).filter((at) => at < length).length)
    }
  })

  test('never takes one part for the answer to another request', () => {
    const lines = answerTo([0, 1, 2, 3]).split('\r\n')
    const at = fc.nat(lines.length - 1)
    const change = fc.oneof(
      at.map((index) => lines.toSpliced(index, 1)),
      at.map((index) => lines.toSpliced(index, 0, lines[index] ?? '')),
      fc.tuple(at, fc.string()).map(([index, text]) => lines.toSpliced(index, 0, text)),
      fc.tuple(at, fc.nat(20)).map(([index, length]) => lines.with(index, (lines[index] ?? '').slice(0, length))),
    )
    fc.assert(
      fc.property(change, (changed) => {
        for (const [position, { headers, body }] of read(changed.join('\r\n')) ?? []) {
          expect(headers.get('etag')?.replace(/\D/g, '') ?? '').toMatch(new RegExp(`^${position}*$`))
          const other = /^\{"id":"e(\d)"\}\s*$/.exec(body)?.[1]
          expect(other ?? String(position)).toBe(String(position))
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('reads anything without an exception', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...answerTo([0, 1])
          .split('\r\n')
          .map((line) => `${line}\r\n`),
        '\r',
        '\n',
        ':',
        '--',
        boundary,
      ),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(piece), fc.oneof(fc.constant(contentType), fc.string()), (pieces, type) => {
        for (const [, { status }] of read(pieces.join(''), type) ?? []) expect(status).toBeGreaterThanOrEqual(200)
      }),
    )
  })

  test('takes time in proportion to a huge answer', () => {
    const lines = 300_000
    const body = `${`--${boundary}\r\n`.repeat(lines)}${'x:\r\n'.repeat(lines)}--${boundary}${' '.repeat(lines)}x`
    expect(positions(`${body}\r\n${answerTo([0])}`)).toEqual([0])
  })
})
