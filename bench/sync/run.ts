import { measureParts } from '../suite.ts'
import type { Row } from '../table.ts'
import { measureAppointments } from './appointments.ts'
import { measureBacklog } from './backlog.ts'
import { measureCalendars } from './calendars.ts'
import { measureDelta } from './delta.ts'
import { type Environment, startEnvironment } from './environment.ts'
import { measureImport } from './import.ts'
import { measurePush } from './push.ts'
import { measureSave } from './save.ts'
import { measureTick } from './tick.ts'

type Part = (environment: Environment) => Promise<Row[]>

const parts: Record<string, Part> = {
  import: async (environment) => [await measureImport(environment, 10_000), await measureImport(environment, 50_000)],
  delta: async (environment) => [await measureDelta(environment, 0), await measureDelta(environment, 10)],
  appointments: measureAppointments,
  save: measureSave,
  push: measurePush,
  calendars: measureCalendars,
  backlog: measureBacklog,
  tick: measureTick,
}

export const measure = async (names: string[]): Promise<void> => {
  hideLogLines()
  console.log('Filling calendars with 161,000 events, about half a minute…')
  await measureParts({ name: 'sync', parts, startEnvironment }, names)
}

/** Hides the product's log lines, one per request, from the output. */
const hideLogLines = () => {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) =>
    typeof chunk === 'string' && chunk.startsWith('{"at":') ? true : write(chunk, ...rest)) as typeof write
}
