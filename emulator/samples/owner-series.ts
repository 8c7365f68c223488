import { Temporal } from 'temporal-polyfill'
import type { EventDraft } from '../model.ts'
import { guest, mia, olive, outsiders, ravi, tom, withGuests } from './people.ts'
import {
  allDay,
  type DayChange,
  dayOf,
  type Frame,
  firstWeekday,
  firstYearly,
  type Sample,
  timed,
  times,
} from './sample.ts'

/** Olive's series: work, family and tax. */
export function ownerSeries(frame: Frame, holidays: Set<string>): Sample[] {
  return [
    standUp(frame, holidays),
    schoolRun(frame),
    ...workSeries(frame),
    ...homeSeries(frame),
    ...moneyDays(frame),
    ...statusSeries(frame),
    ...birthdays(frame),
  ]
}

/** Monday, Wednesday and Friday at 7:30, not on holidays; some moved, renamed or cancelled. */
function standUp(frame: Frame, holidays: Set<string>): Sample {
  const when = { on: firstWeekday(frame, 1), at: '07:30', minutes: 15, zone: frame.zone }
  const days = new Map<string, DayChange>()
  const set = (on: Temporal.PlainDate, changes: DayChange['changes']) => days.set(on.toString(), { on, changes })
  const move = (on: Temporal.PlainDate, at: string) => set(on, times({ ...when, on, at }))
  for (const [weeks, weekday, at] of [
    [-31, 1, '08:15'],
    [-9, 5, '12:00'],
    [-2, 3, '07:00'],
    [0, 3, '09:30'],
    [5, 1, '08:00'],
  ] as const) {
    move(dayOf(frame, weeks, weekday), at)
  }
  set(dayOf(frame, -14, 5), times({ ...when, on: dayOf(frame, -14, 4), at: '16:00' }))
  for (const weeks of [-20, -6, 1, 8]) set(dayOf(frame, weeks, 5), { summary: 'Stand-up + van check' })
  for (const weeks of [-25, -11, 2]) set(dayOf(frame, weeks, 1), 'removed')
  for (const date of holidays) {
    const on = Temporal.PlainDate.from(date)
    if (within(frame, on) && [1, 3, 5].includes(on.dayOfWeek)) set(on, 'removed')
  }
  return {
    ...timed(when, {
      summary: 'Stand-up',
      location: 'Yard, 4 Winbourne Rd, Brookvale',
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR'],
      ...withGuests(olive, guest(mia), guest(tom), guest(ravi, 'needsAction')),
    }),
    days: [...days.values()],
  }
}

function within({ from, to }: Frame, date: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(date, from) >= 0 && Temporal.PlainDate.compare(date, to) < 0
}

/** Tuesdays and Thursdays in term; an EXDATE excludes the summer holidays. */
function schoolRun(frame: Frame): Sample {
  const when = { on: firstWeekday(frame, 2), at: '15:00', minutes: 35, zone: frame.zone }
  const summer = eachDay(frame).filter(
    (day) =>
      [2, 4].includes(day.dayOfWeek) && ((day.month === 12 && day.day > 18) || (day.month === 1 && day.day < 28)),
  )
  const excluded = new Set(summer.map(String))
  const stamps = summer.map((day) => `${day.toString().replaceAll('-', '')}T150000`)
  return {
    ...timed(when, {
      summary: 'School run',
      location: 'Mosman Prep',
      visibility: 'private',
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU,TH', `EXDATE;TZID=${frame.zone}:${stamps.join(',')}`],
    }),
    days: (
      [
        {
          on: dayOf(frame, -4, 2),
          changes: { summary: 'School run (Tom picks up)', transparency: 'transparent' },
        },
        {
          on: dayOf(frame, 1, 4),
          changes: times({ ...when, on: dayOf(frame, 1, 4), at: '12:30', minutes: 45 }),
        },
      ] satisfies DayChange[]
    ).filter(({ on }) => !excluded.has(on.toString())),
  }
}

function eachDay({ from, to }: Frame): Temporal.PlainDate[] {
  return Array.from({ length: from.until(to).days }, (_, days) => from.add({ days }))
}

function workSeries(frame: Frame): Sample[] {
  const { zone } = frame
  const series = (on: Temporal.PlainDate, at: string, minutes: number, event: EventDraft) =>
    timed({ on, at, minutes, zone }, event)
  const firstMonth = frame.from.with({ day: 1 }).add({ months: 1 })
  const lunchDay = nthOf(firstMonth, 4, 3)
  const lunch = series(lunchDay, '12:00', 60, {
    summary: 'Supplier lunch – Reece',
    location: 'Reece Plumbing, Brookvale',
    recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=3TH'],
    ...withGuests(olive, guest(outsiders.reece, 'tentative')),
  })
  const movedLunch = nthOf(firstMonth.add({ months: 12 }), 4, 3)
  return [
    {
      ...lunch,
      days: [
        {
          on: movedLunch,
          changes: times({ on: movedLunch.add({ days: 1 }), at: '12:30', minutes: 90, zone }),
        },
      ],
    },
    series(firstWeekday(frame, 3), '16:00', 45, {
      summary: 'Pay run',
      recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE'],
      description: 'Timesheets first, then super.',
    }),
    series(lastOf(firstMonth, 5), '14:00', 60, {
      summary: 'Bookkeeper – Priya',
      recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=-1FR'],
      ...withGuests(olive, guest(outsiders.accountant)),
    }),
    series(lastWorkday(firstMonth), '15:30', 60, {
      summary: 'Stocktake',
      location: 'Yard',
      recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'],
      ...withGuests(olive, guest(ravi)),
    }),
    series(nthOf(firstMonth, 5, 1), '16:30', 90, {
      summary: 'Friday drinks 🍻',
      recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=1FR'],
      transparency: 'transparent',
    }),
    series(dayOf(frame, -6, 2), '09:00', 240, {
      summary: 'White card refresher',
      location: 'TAFE NSW, Brookvale',
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
    }),
    timed(
      { on: dayOf(frame, 3, 4), at: '10:30', minutes: 60, zone: 'Europe/Berlin' },
      {
        summary: 'Heat pump course, evening by video',
        recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'],
        ...withGuests(olive, guest(outsiders.rheem)),
      },
    ),
  ]
}

function nthOf(month: Temporal.PlainDate, weekday: number, nth: number): Temporal.PlainDate {
  const first = month.with({ day: 1 })
  return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (nth - 1) })
}

function lastOf(month: Temporal.PlainDate, weekday: number): Temporal.PlainDate {
  const last = month.with({ day: month.daysInMonth })
  return last.subtract({ days: (last.dayOfWeek - weekday + 7) % 7 })
}

function lastWorkday(month: Temporal.PlainDate): Temporal.PlainDate {
  const last = month.with({ day: month.daysInMonth })
  return last.subtract({ days: Math.max(0, last.dayOfWeek - 5) })
}

function homeSeries(frame: Frame): Sample[] {
  const { zone } = frame
  const series = (on: Temporal.PlainDate, at: string, minutes: number, event: EventDraft) =>
    timed({ on, at, minutes, zone }, event)
  const swimmingEnds = dayOf(frame, -8, 7).toString().replaceAll('-', '')
  return [
    {
      ...series(firstWeekday(frame, 6), '08:00', 60, {
        summary: 'Pilates',
        recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=SA'],
      }),
      days: [-17, -3, 6].map((weeks) => ({ on: dayOf(frame, weeks, 6), changes: 'removed' as const })),
    },
    // 09:30 in Leeds is evening in Sydney, and moves when daylight saving starts or ends in either.
    timed(
      { on: firstWeekday(frame, 7), at: '09:30', minutes: 45, zone: 'Europe/London' },
      { summary: 'Call Gran in Leeds', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=SU'] },
    ),
    series(firstWeekday(frame, 7), '19:00', 15, {
      summary: 'Bins out',
      transparency: 'transparent',
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=SU'],
    }),
    series(firstWeekday(frame, 4), '16:15', 45, {
      summary: 'Swimming lesson – Ada',
      location: 'Andrew "Boy" Charlton Pool',
      recurrence: [`RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=${swimmingEnds}T000000Z`],
    }),
    series(dayOf(frame, -7, 4), '16:30', 45, {
      summary: 'Swimming lesson – Ada (squad)',
      location: 'Andrew "Boy" Charlton Pool',
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TH'],
    }),
    {
      ...series(dayOf(frame, -3, 2), '17:30', 30, {
        summary: 'Physio (knee)',
        visibility: 'private',
        recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'],
      }),
      days: [
        {
          on: dayOf(frame, 1, 2),
          changes: times({ on: dayOf(frame, 1, 3), at: '17:00', minutes: 30, zone }),
        },
      ],
    },
    allDay(
      { on: firstYearly(frame, 3, 14) },
      { summary: 'Wedding anniversary ❤️', transparency: 'transparent', recurrence: ['RRULE:FREQ=YEARLY'] },
    ),
  ]
}

/** Tax and insurance dates, as all-day reminders that do not block the day. */
function moneyDays(frame: Frame): Sample[] {
  const reminder = (on: Temporal.PlainDate, summary: string, rule: string) =>
    allDay({ on }, { summary, transparency: 'transparent', recurrence: [`RRULE:${rule}`] })
  return [
    reminder(firstYearly(frame, 2, 28), 'BAS due', 'FREQ=YEARLY;BYMONTH=2,4,7,10;BYMONTHDAY=28'),
    reminder(firstYearly(frame, 10, 31), 'Income tax return due', 'FREQ=YEARLY'),
    reminder(frame.from.with({ day: 21 }).add({ months: 1 }), 'PAYG withholding due', 'FREQ=MONTHLY;BYMONTHDAY=21'),
    reminder(firstYearly(frame, 9, 9), 'Van registration (DZ 41 QP)', 'FREQ=YEARLY'),
    reminder(firstYearly(frame, 6, 2), 'Public liability renewal', 'FREQ=YEARLY'),
    reminder(firstYearly(frame, 2, 29), 'Smoke alarm batteries', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1'),
  ]
}

function statusSeries(frame: Frame): Sample[] {
  const { zone } = frame
  return [
    {
      ...timed(
        { on: firstWeekday(frame, 5), at: '13:00', minutes: 90, zone },
        {
          summary: 'Quotes, undisturbed',
          eventType: 'focusTime',
          focusTimeProperties: { autoDeclineMode: 'declineNone', chatStatus: 'doNotDisturb' },
          recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=FR'],
        },
      ),
      days: [{ on: dayOf(frame, -1, 5), changes: 'removed' }],
    },
    allDay(
      { on: firstWeekday(frame, 1) },
      {
        summary: 'Yard',
        eventType: 'workingLocation',
        transparency: 'transparent',
        visibility: 'public',
        workingLocationProperties: { type: 'customLocation', customLocation: { label: 'Yard' } },
        recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'],
      },
    ),
  ]
}

function birthdays(frame: Frame): Sample[] {
  const born = [
    ['Ada', 7, 19],
    ['Mum', 2, 11],
    ['Felix', 11, 27],
    ['Mia Chen', 5, 6],
    ['Tom Okafor', 12, 3],
    ['Ravi Patel', 8, 30],
  ] as const
  return born.map(([name, month, day]) =>
    allDay(
      { on: firstYearly(frame, month, day) },
      {
        summary: `${name}’s birthday`,
        eventType: 'birthday',
        transparency: 'transparent',
        visibility: 'private',
        birthdayProperties: { type: 'birthday' },
        recurrence: ['RRULE:FREQ=YEARLY'],
      },
    ),
  )
}
