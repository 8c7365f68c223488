import { metrics, type SpanAttributes, SpanStatusCode, trace } from '@opentelemetry/api'
import { env } from '#lib/env.ts'
import { routeOf } from './route-of.ts'

/** Traces and metrics, sent only where OTEL_EXPORTER_OTLP_ENDPOINT says; without it every call here costs next to nothing. */

const name = 'sophiie-calendar'

export const startTelemetry = async (): Promise<void> => {
  if (!env().OTEL_EXPORTER_OTLP_ENDPOINT) return
  const [{ registerOTel }, { PeriodicExportingMetricReader }, { OTLPMetricExporter }] = await Promise.all([
    import('@vercel/otel'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ])
  registerOTel({
    serviceName: name,
    // Its spans of fetch would carry calendar ids, which are addresses: our own spans of Google calls carry none.
    instrumentations: [],
    spanProcessors: [withoutQueries, 'auto'],
    metricReaders: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
  })
}

const addresses = ['http.target', 'http.url', 'url.full', 'url.path', 'url.query']

/** Addresses may carry codes and ids: of each only the route goes out. */
const withoutQueries = {
  onStart: () => {},
  onEnd: (span: { attributes: SpanAttributes }) => {
    for (const key of addresses)
      if (span.attributes[key] !== undefined)
        span.attributes[key] = routeOf(pathOf(String(span.attributes[key])))
  },
  forceFlush: async () => {},
  shutdown: async () => {},
}

const pathOf = (address: string) => (URL.canParse(address) ? new URL(address).pathname : address)

/** One span and one measurement around a piece of work. `failure` names what went wrong in its answer, if anything. */
export const traced = <T>(
  what: { name: string; attributes: SpanAttributes; failureOf: (answer: T) => string | null },
  work: () => Promise<T>,
): Promise<T> =>
  trace.getTracer(name).startActiveSpan(what.name, { attributes: what.attributes }, async (span) => {
    const begun = performance.now()
    let failure: string | null = 'thrown'
    try {
      const answer = await work()
      failure = what.failureOf(answer)
      return answer
    } finally {
      const attributes = { ...what.attributes, outcome: failure ?? 'done' }
      if (failure) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      span.end()
      const unit = { unit: 'ms' }
      metrics
        .getMeter(name)
        .createHistogram(`${what.name}.duration`, unit)
        .record(performance.now() - begun, attributes)
    }
  })
