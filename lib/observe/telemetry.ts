import { metrics, type SpanAttributes, SpanStatusCode, trace } from '@opentelemetry/api'
import { env } from '#lib/env.ts'
import { routeOf } from './route-of.ts'

/** Traces and metrics, exported to OTEL_EXPORTER_OTLP_ENDPOINT; without it the calls are no-ops. */

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
    // Its fetch spans would contain calendar ids, which are e-mail addresses. Ours do not.
    instrumentations: [],
    spanProcessors: [withoutContent, 'auto'],
    metricReaders: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })],
  })
}

const addresses = ['http.target', 'http.url', 'url.full', 'url.path', 'url.query']

type EndedSpan = {
  attributes: SpanAttributes
  events?: { attributes?: SpanAttributes }[]
  status?: { message?: string }
}

/**
 * Replaces each URL by its route, because URLs may contain codes and ids. Removes messages of
 * errors, which Next records: those of failed queries contain the parameters.
 */
const withoutContent = {
  onStart: () => {},
  onEnd: ({ attributes, events = [], status }: EndedSpan) => {
    for (const key of addresses)
      if (attributes[key] !== undefined) attributes[key] = routeOf(pathOf(String(attributes[key])))
    for (const event of events)
      for (const key of ['exception.message', 'exception.stacktrace']) delete event.attributes?.[key]
    if (status?.message && !/^[a-z-]{1,40}$/.test(status.message)) delete status.message
  },
  forceFlush: async () => {},
  shutdown: async () => {},
}

const pathOf = (address: string) => (URL.canParse(address) ? new URL(address).pathname : address)

/**
 * Records a span and a duration. `failureOf` names the failure in the result, or is null;
 * `attributesOf` adds what only the result says.
 */
export const traced = <T>(
  what: {
    name: string
    attributes: SpanAttributes
    failureOf: (result: T) => string | null
    attributesOf?: (result: T) => SpanAttributes
  },
  work: () => Promise<T>,
): Promise<T> =>
  trace.getTracer(name).startActiveSpan(what.name, { attributes: what.attributes }, async (span) => {
    const startedAt = performance.now()
    let failure: string | null = 'thrown'
    let found: SpanAttributes = {}
    try {
      const result = await work()
      failure = what.failureOf(result)
      found = what.attributesOf?.(result) ?? {}
      span.setAttributes(found)
      return result
    } finally {
      const attributes = { ...what.attributes, ...found, outcome: failure ?? 'done' }
      if (failure) span.setStatus({ code: SpanStatusCode.ERROR, message: failure })
      span.end()
      metrics
        .getMeter(name)
        .createHistogram(`${what.name}.duration`, { unit: 'ms' })
        .record(performance.now() - startedAt, attributes)
    }
  })
