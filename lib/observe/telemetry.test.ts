import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTelemetry, traced } from './telemetry.ts'

const received: { path: string; body: string }[] = []
const collector = http.createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  received.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString('latin1') })
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
})

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const { port } = collector.address() as AddressInfo
  Object.assign(process.env, {
    DATABASE_URL: 'postgres://127.0.0.1/none',
    NEXTAUTH_URL: 'http://localhost:3000',
    NEXTAUTH_SECRET: 'a secret for tests only, long enough',
    GOOGLE_CLIENT_ID: 'id',
    GOOGLE_CLIENT_SECRET: 'secret',
    TOKEN_ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
    CRON_SECRET: 'another secret for tests only',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  })
})

afterAll(() => collector.close())

test('spans reach the collector, their addresses without query', async () => {
  await startTelemetry()
  const call = { name: 'google.call', attributes: { operation: 'events.list' }, failureOf: () => 'transient' }
  await traced(call, async () => 'answer')
  const request = trace.getTracer('next').startSpan('GET /api/google/callback', {
    attributes: { 'http.target': '/api/google/callback?code=planted-code' },
  })
  request.end()
  const provider = trace.getTracerProvider() as { getDelegate?: () => { forceFlush?: () => Promise<void> } }
  await provider.getDelegate?.().forceFlush?.()
  await expect.poll(() => received.filter(({ path }) => path === '/v1/traces').length).toBeGreaterThan(0)
  const sent = received.map(({ body }) => body).join('')
  expect(sent).toContain('google.call')
  expect(sent).toContain('transient')
  expect(sent).toContain('/api/google/callback')
  expect(sent).not.toContain('planted-code')
})
