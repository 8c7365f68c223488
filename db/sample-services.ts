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
    otherNames: ['dripping tap', 'tap washer', 'tap repair'],
    durations: [60, 90],
    gaps: [0, 15],
    price: 'from $120',
    description: 'Ask how many taps; 90 minutes for more than one.',
  },
  {
    name: 'Blocked drain',
    otherNames: ['clogged sink', 'blocked toilet', 'drain', 'sink won’t drain'],
    durations: [90, 120],
    gaps: [0, 15],
    who: ['mia', 'tom'],
    price: 'from $180',
    description: 'Ask which drain, and whether water comes back up.',
  },
  {
    name: 'Hot water service',
    otherNames: ['boiler', 'water heater', 'no hot water'],
    durations: [120],
    gaps: [15, 15],
    who: ['tom', 'ravi'],
    price: '$240',
    description: 'Ask for the brand and whether it is gas or electric.',
  },
  {
    name: 'Toilet repair',
    otherNames: ['running toilet', 'cistern', 'toilet won’t flush'],
    durations: [60],
    gaps: [0, 15],
    price: 'from $140',
  },
  {
    name: 'Gas fitting',
    otherNames: ['gas cooktop', 'gas heater', 'barbecue connection'],
    durations: [90, 120],
    gaps: [15, 15],
    who: ['mia', 'tom'],
    noticeMinutes: 24 * 60,
    price: 'from $220',
    description: 'At a smell of gas: turn it off at the meter, leave the house and ring 000.',
  },
  {
    name: 'Dishwasher connection',
    otherNames: ['dishwasher', 'washing machine', 'appliance'],
    durations: [60],
    gaps: [0, 15],
    price: '$150',
    description: 'The appliance must be on site.',
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
    otherNames: ['re-pipe', 'old pipes'],
    durations: [240, 480],
    gaps: [30, 30],
    people: 2,
    noticeMinutes: 48 * 60,
    price: 'by quote',
  },
  {
    name: 'Burst pipe',
    otherNames: ['emergency', 'flooding', 'water everywhere'],
    durations: [60],
    noticeMinutes: 0,
    outcome: 'message',
    description: 'Say: turn the water off at the meter.',
  },
]
