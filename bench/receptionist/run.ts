import { measureParts } from '../suite.ts'
import { startEnvironment } from './environment.ts'
import { measureLatency } from './latency.ts'
import { measureRaces } from './races.ts'
import { measureSteps } from './steps.ts'

const parts = { latency: measureLatency, races: measureRaces, steps: measureSteps }

export const measure = (names: string[]) => measureParts({ name: 'receptionist', parts, startEnvironment }, names)
