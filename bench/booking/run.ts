import { measureParts } from '../suite.ts'
import { startEnvironment } from './environment.ts'
import { measureBookings } from './measure.ts'

// `npm run bench -- booking`: what one booking costs server, worker and Postgres, and Google.

const parts = { later: measureBookings('later'), 'at-once': measureBookings('at-once') }

export const measure = (names: string[]) => measureParts({ name: 'booking', parts, startEnvironment }, names)
