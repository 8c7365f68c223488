import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { metrics, SpanStatusCode, trace } from '@opentelemetry/api'
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

test('spans reach the collector with routes instead of URLs', async () => {
  await startTelemetry()
  const call = { name: 'google.call', attributes: { operation: 'events.list' }, failureOf: () => 'transient' }
  await traced(call, async () => 'answer')
  const request = trace.getTracer('next').startSpan('GET /api/google/callback', {
    attributes: { 'http.target': '/api/google/callback?code=planted-code' },
  })
  request.recordException(new Error('Failed query: select $1\nparams: planted-code'))
  request.setStatus({ code: SpanStatusCode.ERROR, message: 'Failed query, params: planted-code' })
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

type Point = { count: number; sum: number; attributes: { key: string; value: { stringValue?: string } }[] }
type Metric = { name: string; unit: string; histogram?: { dataPoints: Point[] } }
type Sent = {
  resourceMetrics: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] }
    scopeMetrics: { metrics: Metric[] }[]
  }[]
}

test('metrics with duration, count and outcome reach the collector, and no content', async () => {
  received.length = 0
  const job = { name: 'job', attributes: { task: 'sync-calendar' } }
  await traced({ ...job, failureOf: () => null }, async () => 'planted answer')
  await traced({ ...job, failureOf: () => null }, async () => 'planted answer')
  await traced({ ...job, failureOf: () => 'rate-limited' }, async () => 'planted answer')
  const purposeOf = (purpose: string) => ({ purpose })
  await traced({ ...job, failureOf: () => null, attributesOf: purposeOf }, async () => 'busy')
  const thrown = traced({ ...job, failureOf: () => null }, () => Promise.reject(new Error('planted message')))
  await expect(thrown).rejects.toThrow()
  const provider = metrics.getMeterProvider() as { forceFlush?: () => Promise<void> }
  await provider.forceFlush?.()

  const bodies = received.filter(({ path }) => path === '/v1/metrics').map(({ body }) => body)
  const { resourceMetrics } = JSON.parse(bodies.at(-1) ?? '{}') as Sent
  const { attributes } = resourceMetrics[0]?.resource ?? { attributes: [] }
  expect(attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'sophiie-calendar' } })
  const sent = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  const durations = sent.find(({ name }) => name === 'job.duration')
  expect(durations?.unit).toBe('ms')
  const points = durations?.histogram?.dataPoints ?? []
  expect(Object.fromEntries(points.map((point) => [labelsOf(point), point.count]))).toEqual({
    'task=sync-calendar outcome=done': 2,
    'task=sync-calendar outcome=rate-limited': 1,
    'task=sync-calendar purpose=busy outcome=done': 1,
    'task=sync-calendar outcome=thrown': 1,
  })
  expect(bodies.join()).not.toContain('planted')
})

const labelsOf = ({ attributes }: Point) => attributes.map(({ key, value }) => `${key}=${value.stringValue}`).join(' ')
