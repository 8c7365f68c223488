import { measureParts } from '../suite.ts'
import { startEnvironment } from './environment.ts'
import { measureLatency } from './latency.ts'
import { measureRaces } from './races.ts'

const parts = { latency: measureLatency, races: measureRaces }

export const measure = (names: string[]) => measureParts({ name: 'receptionist', parts, startEnvironment }, names)
