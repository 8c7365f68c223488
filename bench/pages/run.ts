import { measureParts } from '../suite.ts'
import { measureClashes } from './clashes.ts'
import { startEnvironment } from './environment.ts'
import { measureInteraction } from './interaction.ts'
import { measureLighthouse } from './lighthouse.ts'
import { measureRange } from './range.ts'
import { measureServerTime } from './server-time.ts'
import { measureWeight } from './weight.ts'

const parts = {
  weight: measureWeight,
  lighthouse: measureLighthouse,
  server: measureServerTime,
  interaction: measureInteraction,
  range: measureRange,
  clashes: measureClashes,
}

export const measure = (names: string[]) => measureParts({ name: 'pages', parts, startEnvironment }, names)
