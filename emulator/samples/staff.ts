import type { EventDraft } from '../model.ts'
import { guest, invitation, mia, nora, ravi, tom, withGuests } from './people.ts'
import { allDay, dayOf, type Frame, firstYearly, type Sample, timed } from './sample.ts'

type OwnCalendar = { email: string; id: string; summary: string; backgroundColor: string; samples: Sample[] }

/** A few events in the primary calendar of each staff member, by address. */
export function staffSamples(frame: Frame): Map<string, Sample[]> {
  const on = (weeks: number, weekday: number, at: string, minutes: number, event: EventDraft) =>
    timed({ on: dayOf(frame, weeks, weekday), at, minutes, zone: frame.zone }, event)
  return new Map([
    [
      mia.email,
      [
        on(-8, 3, '18:00', 120, {
          summary: 'TAFE – night class',
          recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=20'],
        }),
        on(0, 2, '12:00', 60, { summary: 'Lunch with Jess' }),
        on(0, 4, '16:30', 45, { summary: 'Dentist', visibility: 'private' }),
        on(1, 1, '11:00', 30, { summary: 'Licence photo' }),
        allDay({ on: dayOf(frame, 4, 5), days: 3 }, { summary: 'Blue Mountains' }),
        allDay({ on: dayOf(frame, 0, 3) }, { summary: 'Mum visits', transparency: 'transparent' }),
      ],
    ],
    [
      tom.email,
      [
        on(-20, 2, '17:30', 90, {
          summary: 'Soccer training',
          recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU,TH'],
        }),
        on(0, 1, '13:00', 30, { summary: 'Physio', visibility: 'private' }),
        on(0, 5, '12:00', 60, { summary: 'Lunch', ...withGuests(tom, guest(ravi)) }),
        on(1, 3, '08:00', 60, { summary: 'Ute service', status: 'tentative' }),
        allDay({ on: dayOf(frame, 2, 1) }, { summary: 'RDO' }),
      ],
    ],
    [
      ravi.email,
      [
        on(-30, 6, '09:00', 120, {
          summary: 'Cricket',
          recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=SA;INTERVAL=2'],
        }),
        on(0, 3, '15:00', 60, {
          summary: 'Daycare pick-up',
          recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=WE,FR;COUNT=24'],
        }),
        on(1, 2, '12:00', 45, { summary: 'Visa appointment', visibility: 'private' }),
        on(0, 4, '12:30', 30, { summary: 'Call with Tom', ...invitation(tom, ravi, 'needsAction') }),
        allDay({ on: dayOf(frame, 14, 4), days: 2 }, { summary: 'Wedding 🎊' }),
        allDay(
          { on: firstYearly(frame, 8, 30) },
          { summary: 'My birthday', transparency: 'transparent', recurrence: ['RRULE:FREQ=YEARLY'] },
        ),
      ],
    ],
  ])
}

/** The calendars that Mia and Tom made beside their primary ones; the link page offers both. */
export function ownCalendars(frame: Frame): OwnCalendar[] {
  const on = (weeks: number, weekday: number, at: string, minutes: number, event: EventDraft) =>
    timed({ on: dayOf(frame, weeks, weekday), at, minutes, zone: frame.zone }, event)
  const jobs = { summary: 'Jobs', backgroundColor: '#00897b' }
  const personal = { summary: 'Private', backgroundColor: '#6d4c41' }
  return [
    {
      ...{ ...jobs, email: mia.email, id: 'c_miajobs@group.calendar.google.com' },
      samples: [
        on(0, 2, '10:30', 45, { summary: 'Call-back: Raglan Street', location: '14 Raglan Street, Manly' }),
        on(0, 5, '10:30', 30, { summary: 'Collect hot water unit', location: 'Reece Brookvale' }),
        on(1, 4, '09:00', 60, { summary: 'Backflow licence refresher' }),
      ],
    },
    {
      ...{ ...personal, email: mia.email, id: 'c_miaprivate@group.calendar.google.com' },
      samples: [
        on(-10, 2, '14:30', 45, { summary: 'School pick-up', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU,FR'] }),
        on(0, 3, '16:00', 60, { summary: 'Parent–teacher interview', location: 'Mosman Prep' }),
        on(1, 1, '14:00', 60, { summary: 'Passport office' }),
        allDay({ on: dayOf(frame, 1, 5) }, { summary: 'Moving house', transparency: 'opaque' }),
      ],
    },
    {
      ...{ ...jobs, email: tom.email, id: 'c_tomjobs@group.calendar.google.com' },
      samples: [
        on(0, 1, '08:30', 30, { summary: 'Load the ute', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6'] }),
        on(0, 3, '13:00', 60, { summary: 'Measure up for Lane & Co', location: '27 Curlewis Street, Bondi' }),
        on(1, 4, '10:00', 60, { summary: 'Van inspection' }),
      ],
    },
    {
      ...{ ...personal, email: tom.email, id: 'c_tomprivate@group.calendar.google.com' },
      samples: [
        on(-10, 1, '15:30', 45, { summary: 'Swimming with Ada', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] }),
        on(0, 2, '14:00', 45, { summary: 'Vet – Biscuit' }),
        on(0, 4, '09:00', 60, { summary: 'Bank – home loan' }),
        allDay({ on: dayOf(frame, 1, 5) }, { summary: 'Boat weekend', transparency: 'opaque' }),
      ],
    },
  ]
}

export function norasSamples(frame: Frame): Sample[] {
  const on = (weeks: number, weekday: number, at: string, minutes: number, event: EventDraft) =>
    timed({ on: dayOf(frame, weeks, weekday), at, minutes, zone: nora.timeZone }, event)
  return [
    on(-6, 1, '09:00', 30, { summary: 'Segunda-feira: plan', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] }),
    on(0, 2, '13:00', 60, { summary: 'Almoço com Inês' }),
    on(0, 4, '17:30', 60, { summary: 'Landlord – salon keys', location: 'Rua do Poço dos Negros, Lisboa' }),
    on(1, 3, '10:00', 90, { summary: 'Sign painter' }),
    allDay({ on: dayOf(frame, 3, 6) }, { summary: 'Opening party!' }),
  ]
}
