import { measureParts } from '../suite.ts'
import { startEnvironment } from './environment.ts'
import { measureInteraction } from './interaction.ts'
import { measureLighthouse } from './lighthouse.ts'
import { measureRange } from './range.ts'
import { measureWeight } from './weight.ts'

const parts = {
  weight: measureWeight,
  lighthouse: measureLighthouse,
  interaction: measureInteraction,
  range: measureRange,
}

export const measure = (names: string[]) => measureParts({ name: 'pages', parts, startEnvironment }, names)
