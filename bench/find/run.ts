import { measureParts } from '../suite.ts'
import { startEnvironment } from './environment.ts'
import { measureRace } from './race.ts'
import { measureSearch } from './search.ts'
import { measureStale } from './stale.ts'

const parts = { search: measureSearch, race: measureRace, stale: measureStale }

export const measure = (names: string[]) => measureParts({ name: 'find', parts, startEnvironment }, names)
