import { takeFault, withFault } from './faults/faults.ts'
import type { Context, Reply, Route } from './http.ts'
import type { Fault } from './model.ts'

/**
 * Answers a request to one of Google's endpoints: faults apply, and the request is logged.
 * `applied` is the fault of the batch that the request is part of; it does not apply twice.
 */
export async function answerLogged(
  context: Context,
  route: Route & { operation: string },
  applied?: Fault,
): Promise<Reply | 'reset' | undefined> {
  const { world, method, url, part } = context
  const { operation } = route
  const path = url.pathname + url.search
  const started = performance.now()
  const faults = applied ? world.faults.filter((fault) => fault !== applied) : world.faults
  const fault = takeFault(faults, { method, path, operation })
  context.fault = fault
  const reply = await withFault(fault, async () => route.handle(context))
  world.log.add({
    time: new Date(world.now()).toISOString(),
    method,
    path,
    operation,
    status: reply === 'reset' ? 0 : (reply?.status ?? 200),
    milliseconds: Math.round(performance.now() - started),
    clientId: null,
    email: null,
    calendarId: null,
    eventId: null,
    ifMatch: context.headers['if-match'] ?? null,
    createdByClient: null,
    repeatedByPerson: false,
    eventExisted: false,
    ...(part && { part }),
    ...(fault && { fault: fault.kind }),
    ...context.logFields,
  })
  return reply
}
