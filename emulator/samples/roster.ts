import { fill, type Kind } from './fill.ts'
import { mia, ravi, tom } from './people.ts'
import { allDay, dayOf, type Frame, firstWeekday, type Sample, timed, times } from './sample.ts'

const shiftCount = 38
const team = [mia, tom, ravi].map(({ name }) => name.split(' ')[0])

const shifts: Kind[] = [
  { titles: team.map((who) => `${who} – cover`), at: ['05:00', '13:00'], minutes: [240, 480] },
  { titles: team.map((who) => `${who} – TAFE`), at: ['06:00'], minutes: [420] },
  { titles: team.map((who) => `${who} – overtime`), at: ['15:00', '16:00'], minutes: [120, 180] },
]

/** Mia's roster in Perth's time zone, which Olive can only read. */
export function rosterSamples(frame: Frame, holidays: Set<string>): Sample[] {
  return [...rotations(frame), ...absences(frame), ...fill(frame, { count: shiftCount, kinds: shifts, holidays })]
}

function rotations(frame: Frame): Sample[] {
  const { zone } = frame
  return team.map((who, index) => {
    const when = { on: firstWeekday(frame, 1).add({ weeks: index }), at: '04:00', minutes: 480, zone }
    const monday = when.on.add({ weeks: 51 + ((3 - (51 % 3)) % 3) })
    return {
      ...timed(when, {
        summary: `Early – ${who}`,
        recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR'],
      }),
      days: [
        { on: monday, changes: times({ ...when, on: monday, at: '05:00', minutes: 420 }) },
        { on: monday.add({ days: 2 }), changes: 'removed' },
      ],
    }
  })
}

function absences(frame: Frame): Sample[] {
  const leave = (weeks: number, weekday: number, days: number, summary: string) =>
    allDay({ on: dayOf(frame, weeks, weekday), days }, { summary })
  return [
    leave(-37, 1, 5, 'Tom – annual leave'),
    leave(-22, 3, 2, 'Mia – exams'),
    leave(-5, 1, 10, 'Ravi – annual leave'),
    leave(0, 5, 1, 'Mia – RDO'),
    leave(2, 1, 1, 'Tom – RDO'),
    leave(6, 1, 12, 'Everyone – shutdown'),
    leave(14, 4, 2, 'Ravi – wedding'),
    leave(27, 1, 5, 'Mia – block release'),
  ]
}
