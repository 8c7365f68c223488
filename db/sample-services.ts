/** Services of Harbour Plumbing. `who`: keys of the people who can do it; without, everyone. */
export type SampleService = {
  name: string
  otherNames?: string[]
  durations: number[]
  gaps?: [before: number, after: number]
  noticeMinutes?: number
  who?: string[]
  people?: number
  price?: string
  description?: string
  outcome?: 'book' | 'pending' | 'message'
}

export const sampleServices: SampleService[] = [
  {
    name: 'Leaking tap',
    otherNames: ['dripping tap', 'tap washer'],
    durations: [60, 90],
    gaps: [0, 15],
    price: 'from $120',
  },
  {
    name: 'Blocked drain',
    otherNames: ['clogged sink', 'blocked toilet', 'drain'],
    durations: [90, 120],
    gaps: [0, 15],
    who: ['mia', 'tom'],
    price: 'from $180',
  },
  {
    name: 'Hot water service',
    otherNames: ['boiler', 'water heater'],
    durations: [120],
    gaps: [15, 15],
    who: ['tom', 'ravi'],
    price: '$240',
    description: 'Ask for the brand and whether it is gas or electric.',
  },
  {
    name: 'Bathroom quote',
    otherNames: ['renovation', 'new bathroom'],
    durations: [45],
    noticeMinutes: 24 * 60,
    who: ['olive'],
    price: 'free',
    outcome: 'pending',
  },
  {
    name: 'Pipe replacement',
    durations: [240, 480],
    gaps: [30, 30],
    people: 2,
    noticeMinutes: 48 * 60,
    price: 'by quote',
  },
  { name: 'Burst pipe', otherNames: ['emergency', 'flooding'], durations: [60], noticeMinutes: 0, outcome: 'message' },
]
