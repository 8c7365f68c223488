import type { EventDraft } from '../model.ts'
import { fill, type Kind } from './fill.ts'
import { guest, mia, outsiders, ravi, tom } from './people.ts'
import { allDay, dayOf, type Frame, firstWeekday, type Sample, timed, times } from './sample.ts'

const jobCount = 82
const streets = [
  '12 Pittwater Rd, Manly',
  '3/40 Spit Rd, Mosman',
  '7 Carrington Pde, Curl Curl',
  '88 Military Rd, Cremorne',
  '5 Beach St, Freshwater',
]

const jobs: Kind[] = [
  {
    titles: ['Hot water replacement', 'Heat pump install', 'Hot water service'],
    at: ['08:00', '09:30', '13:00'],
    minutes: [90, 120, 180],
    more: job,
  },
  {
    titles: ['Blocked drain', 'CCTV drain survey', 'Jetter hire'],
    at: ['08:00', '11:00', '14:00'],
    minutes: [60, 90],
    more: job,
  },
  {
    titles: ['Gas fitting', 'Cooktop connection', 'Gas leak test'],
    at: ['10:00', '12:00', '14:30'],
    minutes: [60, 85],
    more: job,
  },
  { titles: ['Bathroom rough-in', 'Bathroom fit-off'], at: ['07:30', '12:30'], minutes: [240], more: job },
  {
    titles: ['Certificate of compliance – lodge', 'Council inspection', 'Warranty visit'],
    at: ['09:00', '15:00'],
    minutes: [30, 45],
    more: () => ({ transparency: 'transparent' }),
  },
]

function job({ random }: Frame): EventDraft {
  const location = random.pick(streets)
  const description = `Job ${random.between(2100, 2990)}. Call on the way.`
  return { location, description, attendees: [guest(random.pick([mia, tom, ravi]))] }
}

/** Olive's calendar for the business. */
export function workSamples(frame: Frame, holidays: Set<string>): Sample[] {
  return [...workSeries(frame), ...workDays(frame), ...fill(frame, { count: jobCount, kinds: jobs, holidays })]
}

function workSeries(frame: Frame): Sample[] {
  const { zone } = frame
  const deliveries = { on: firstWeekday(frame, 2), at: '06:45', minutes: 30, zone }
  const series = (weekday: number, at: string, minutes: number, event: EventDraft) =>
    timed({ on: firstWeekday(frame, weekday), at, minutes, zone }, event)
  return [
    {
      ...timed(deliveries, { summary: 'Reece delivery', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU,FR'] }),
      days: [
        { on: dayOf(frame, -8, 5), changes: 'removed' },
        { on: dayOf(frame, 0, 5), changes: times({ ...deliveries, on: dayOf(frame, 0, 5), at: '10:15' }) },
        { on: dayOf(frame, 5, 2), changes: { summary: 'Reece delivery – heat pumps, two people needed' } },
      ],
    },
    series(5, '15:30', 30, { summary: 'Wash vans', recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR'] }),
    series(1, '16:00', 30, {
      summary: 'Toolbox talk',
      recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=1MO'],
      attendees: [guest(mia), guest(tom), guest(ravi)],
    }),
    series(3, '12:00', 60, {
      summary: 'Maintenance – surf club',
      location: 'Freshwater SLSC',
      recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=6;BYDAY=WE'],
      attendees: [guest(tom)],
    }),
    series(4, '09:00', 120, {
      summary: 'Backflow testing round',
      recurrence: ['RRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=-1TH'],
    }),
    allDay(
      { on: firstWeekday(frame, 1), days: 7 },
      { summary: 'On call: Tom', transparency: 'transparent', recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=2'] },
    ),
    allDay(
      { on: firstWeekday(frame, 1).add({ weeks: 1 }), days: 7 },
      { summary: 'On call: Ravi', transparency: 'transparent', recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=2'] },
    ),
  ]
}

function workDays(frame: Frame): Sample[] {
  const { zone } = frame
  return [
    allDay({ on: dayOf(frame, -10, 1), days: 5 }, { summary: 'Re-pipe, unit 4', attendees: [guest(ravi), guest(tom)] }),
    allDay({ on: dayOf(frame, 2, 2), days: 3 }, { summary: 'Excavator on site, Balgowlah', location: 'Lot 12' }),
    allDay({ on: dayOf(frame, -26, 4) }, { summary: 'SafeWork audit' }),
    allDay({ on: dayOf(frame, 7, 1), days: 12 }, { summary: 'Christmas shutdown' }),
    timed(
      { on: dayOf(frame, 0, 3), at: '19:00', minutes: 420, zone },
      { summary: 'Night works – Warringah Mall', attendees: [guest(tom), guest(mia)] },
    ),
    timed(
      { on: dayOf(frame, 1, 4), at: '08:00', minutes: 120, zone },
      { summary: 'Inspection', location: streets[3], attendees: [guest(outsiders.council)] },
    ),
    timed(
      { on: dayOf(frame, 0, 2), at: '14:00', minutes: 90, zone },
      { summary: 'Maybe: pool heater, Seaforth', status: 'tentative' },
    ),
  ]
}
