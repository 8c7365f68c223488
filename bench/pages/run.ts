import { measureParts } from '../suite.ts'
import { measureInteraction } from './interaction.ts'
import { measureLighthouse } from './lighthouse.ts'
import { measureRange } from './range.ts'
import { setStage } from './stage.ts'
import { measureWeight } from './weight.ts'

const parts = {
  weight: measureWeight,
  lighthouse: measureLighthouse,
  interaction: measureInteraction,
  range: measureRange,
}

export const measure = (names: string[]) => measureParts({ name: 'pages', parts, setStage }, names)
