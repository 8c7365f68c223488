import { lengthOf } from '#lib/dates/format.ts'
import type { Service } from './schema.ts'

type Shown = Pick<Service, 'durations' | 'gapBefore' | 'gapAfter' | 'people' | 'price' | 'outcome'>

/** A service in one line. `who`: those who can do it, where that is shown. */
export const serviceSummary = (service: Shown, who?: string): string => {
  const { durations, gapBefore, gapAfter, people, price, outcome } = service
  return [
    durations.map(lengthOf).join(', '),
    gapBefore > 0 && `${lengthOf(gapBefore)} before`,
    gapAfter > 0 && `${lengthOf(gapAfter)} after`,
    who,
    people > 1 && `${people} people`,
    price,
    outcomes[outcome],
  ]
    .filter(Boolean)
    .join(' · ')
}

/** What happens when a caller wants it. */
const outcomes = {
  book: 'Sophiie books it',
  pending: 'Sophiie books it as pending',
  message: 'Sophiie takes a message',
}
