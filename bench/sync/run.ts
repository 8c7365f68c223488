import type { Row } from '../results.ts'
import { measureParts } from '../suite.ts'
import { measureAppointments } from './appointments.ts'
import { measureDelta } from './delta.ts'
import { measureImport } from './import.ts'
import { measurePush } from './push.ts'
import { measureSave } from './save.ts'
import { type Stage, setStage } from './stage.ts'
import { measureTick } from './tick.ts'

type Part = (stage: Stage) => Promise<Row[]>

const parts: Record<string, Part> = {
  import: async (stage) => [await measureImport(stage, 10_000), await measureImport(stage, 50_000)],
  delta: async (stage) => [await measureDelta(stage, 0), await measureDelta(stage, 10)],
  appointments: measureAppointments,
  save: measureSave,
  push: async (stage) => [await measurePush(stage)],
  tick: async (stage) => [await measureTick(stage)],
}

export const measure = async (names: string[]): Promise<void> => {
  leaveOutLogLines()
  console.log('Filling calendars with 161,000 events, about half a minute…')
  await measureParts({ name: 'sync', parts, setStage }, names)
}

/** The product's own lines on stdout, one per request, would drown the figures. */
const leaveOutLogLines = () => {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) =>
    typeof chunk === 'string' && chunk.startsWith('{"at":') ? true : write(chunk, ...rest)) as typeof write
}
