import { measureParts } from '../suite.ts'
import { startEnvironment } from './environment.ts'
import { measureLatency } from './latency.ts'
import { measureDuplicates, measureOffers, measureRaces } from './races.ts'
import { measureSteps } from './steps.ts'

const parts = {
  latency: measureLatency,
  races: measureRaces,
  duplicates: measureDuplicates,
  offers: measureOffers,
  steps: measureSteps,
}

export const measure = (names: string[]) => measureParts({ name: 'receptionist', parts, startEnvironment }, names)
