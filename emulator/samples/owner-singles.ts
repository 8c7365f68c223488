import type { EventDraft, ResponseStatus } from '../model.ts'
import { fill, type Kind } from './fill.ts'
import { guest, invitation, mia, olive, outsiders, ravi, tom, withGuests } from './people.ts'
import { allDay, dayOf, type Frame, offsetOnly, type Sample, type SampleTime, timed } from './sample.ts'

/** Olive's single events: unusual ones chosen by hand, everyday ones spread over the two years. */
export function ownerSingles(frame: Frame, holidays: Set<string>): Sample[] {
  return [
    ...trips(frame),
    ...invitations(frame),
    ...awayAndBusy(frame),
    ...oddities(frame),
    ...fill(frame, { count: everydayCount, kinds: everyday, holidays }),
  ]
}

const everydayCount = 105

const everyday: Kind[] = [
  {
    titles: ['Dentist', 'GP – Dr Lau', 'Eye test'],
    at: ['08:30', '16:30'],
    minutes: [30, 45],
    more: () => ({ visibility: 'private' }),
  },
  {
    titles: [
      'Quote – bathroom, Manly',
      'Quote – hot water, Dee Why',
      'Quote – strata, Cremorne',
      'Quote – kitchen, Freshwater',
    ],
    at: ['09:00', '10:30', '13:00'],
    minutes: [45, 60],
  },
  {
    titles: ['Bank – equipment loan', 'Call the insurer', 'Fair Trading licence renewal'],
    at: ['11:00', '14:00'],
    minutes: [30],
  },
  {
    titles: ['Coffee with Dan (Northshore Build)', 'Walk-through with Dan'],
    at: ['07:00', '09:30'],
    minutes: [45, 60],
    more: () => withGuests(olive, guest(outsiders.builder)),
  },
  {
    titles: ['Van service', 'Pick up van', 'Tyres'],
    at: ['08:00', '16:00'],
    minutes: [30],
    more: () => ({ location: 'Ultra Tune, Brookvale' }),
  },
  {
    titles: ['Parent–teacher evening', 'School assembly', 'Netball – Ada'],
    at: ['17:00', '18:00'],
    minutes: [60, 90],
  },
  { titles: ['Dinner with Sam', 'Book club', 'Trivia night'], at: ['18:30', '19:00'], minutes: [120, 150] },
  {
    titles: ['1:1 Mia', '1:1 Mia – apprenticeship'],
    at: ['12:00', '14:30'],
    minutes: [30],
    more: () => withGuests(olive, guest(mia)),
  },
  { titles: ['1:1 Tom'], at: ['12:00', '14:30'], minutes: [30], more: () => withGuests(olive, guest(tom)) },
  {
    titles: ['1:1 Ravi'],
    at: ['12:00', '14:30'],
    minutes: [30],
    more: () => withGuests(olive, guest(ravi, 'tentative')),
  },
  {
    titles: ['Interview – second-year apprentice', 'Interview – office admin'],
    at: ['10:00', '11:30'],
    minutes: [45],
    more: () => ({ description: 'CV in the shared drive.' }),
  },
  {
    titles: ['Plumber on site (hold)', 'Hold – maybe Mosman job'],
    at: ['13:30', '15:30'],
    minutes: [60, 90],
    more: () => ({ status: 'tentative' }),
  },
  {
    titles: ['Reminder: order flux and solder', 'Parking permit', 'Library books'],
    at: ['08:00', '17:30'],
    minutes: [15],
    more: () => ({ transparency: 'transparent' }),
  },
]

function trips(frame: Frame): Sample[] {
  const flight = (when: SampleTime, event: EventDraft, landing: { at: string; zone: string }): Sample => {
    const made = timed(when, event)
    const end = { dateTime: `${when.on}T${landing.at}:00`, timeZone: landing.zone }
    return { event: { ...made.event, end } }
  }
  const perth = 'Australia/Perth'
  return [
    allDay({ on: dayOf(frame, -21, 6), days: 9 }, { summary: 'Jervis Bay 🏖️', description: 'Phones off.' }),
    allDay({ on: dayOf(frame, 6, 6), days: 16 }, { summary: 'Summer break – yard closed' }),
    allDay(
      { on: dayOf(frame, 19, 5), days: 4 },
      { summary: 'Easter at Gran’s (if flights are sane)', status: 'tentative' },
    ),
    allDay({ on: dayOf(frame, -38, 3), days: 3 }, { summary: 'Plumbing & Gas Expo, Melbourne', location: 'MCEC' }),
    allDay({ on: dayOf(frame, 30, 2), days: 2 }, { summary: 'Backflow accreditation', transparency: 'opaque' }),
    allDay({ on: dayOf(frame, 0, 4) }, { summary: 'Skip bin at the yard', transparency: 'transparent' }),
    allDay({ on: dayOf(frame, 1, 1), days: 2 }, { summary: 'Reece price list changes', transparency: 'transparent' }),
    flight(
      { on: dayOf(frame, 9, 1), at: '09:05', minutes: 305, zone: frame.zone },
      { summary: 'SYD → PER, QF 643' },
      { at: '11:10', zone: perth },
    ),
    timed(
      { on: dayOf(frame, 9, 2), at: '09:00', minutes: 180, zone: perth },
      { summary: 'Perth yard: handover', location: 'Osborne Park WA' },
    ),
    timed({ on: dayOf(frame, -15, 3), at: '14:00', minutes: 60, zone: perth }, { summary: 'Call: Perth franchise' }),
    flight(
      { on: dayOf(frame, 9, 4), at: '12:20', minutes: 250, zone: perth },
      { summary: 'PER → SYD, QF 646' },
      { at: '19:25', zone: frame.zone },
    ),
  ]
}

/** Invitations she received, with her responses. */
function invitations(frame: Frame): Sample[] {
  const { zone } = frame
  const { school, strata, builder, council, rheem, accountant, reece } = outsiders
  const invite = (
    weeks: number,
    weekday: number,
    at: string,
    minutes: number,
    from: typeof school,
    summary: string,
    answer: ResponseStatus,
  ) => timed({ on: dayOf(frame, weeks, weekday), at, minutes, zone }, { summary, ...invitation(from, olive, answer) })
  return [
    invite(-40, 2, '10:00', 60, strata, 'Strata AGM, 88 Military Rd', 'accepted'),
    invite(-28, 3, '18:00', 90, school, 'P&C meeting', 'declined'),
    invite(-16, 2, '11:00', 30, builder, 'Site meeting, Lot 12', 'accepted'),
    invite(-7, 4, '13:00', 60, rheem, 'Webinar: heat pump rebates', 'declined'),
    invite(-5, 1, '14:00', 30, accountant, 'Q1 numbers', 'accepted'),
    invite(-1, 2, '10:00', 60, council, 'Drainage inspection, Curl Curl', 'accepted'),
    invite(0, 2, '11:00', 60, builder, 'Rough-in walk-through, Balgowlah', 'needsAction'),
    invite(0, 5, '10:00', 45, reece, 'New rep introduces herself', 'declined'),
    invite(0, 3, '13:30', 60, strata, 'Water hammer, units 4 and 6', 'tentative'),
    invite(1, 3, '09:00', 60, council, 'Backflow test, library', 'needsAction'),
    invite(2, 2, '17:30', 60, school, 'Carols rehearsal', 'tentative'),
    invite(4, 5, '12:00', 120, builder, 'Builders’ Christmas lunch', 'accepted'),
    invite(5, 2, '15:00', 30, reece, 'Returns and credits', 'needsAction'),
    invite(12, 4, '18:00', 90, school, 'P&C meeting', 'declined'),
    invite(16, 2, '10:00', 60, strata, 'Strata AGM, 88 Military Rd', 'needsAction'),
    timed(
      { on: dayOf(frame, 0, 4), at: '14:00', minutes: 45, zone },
      { summary: 'Tool budget', ...invitation(tom, olive, 'accepted', guest(ravi)) },
    ),
    timed(
      { on: dayOf(frame, 2, 3), at: '11:00', minutes: 60, zone },
      { summary: 'Apprentice review', ...invitation(mia, olive, 'tentative') },
    ),
    timed(
      { on: dayOf(frame, -10, 2), at: '16:00', minutes: 60, zone },
      {
        summary: 'Body corporate call',
        recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=4;COUNT=10'],
        ...invitation(strata, olive, 'declined'),
      },
    ),
  ]
}

function awayAndBusy(frame: Frame): Sample[] {
  const { zone } = frame
  const away = (weeks: number, weekday: number, at: string, minutes: number, summary: string) =>
    timed(
      { on: dayOf(frame, weeks, weekday), at, minutes, zone },
      { summary, eventType: 'outOfOffice', outOfOfficeProperties: { autoDeclineMode: 'declineNone' } },
    )
  const privately = (weeks: number, weekday: number, at: string, minutes: number, event: EventDraft) =>
    timed({ on: dayOf(frame, weeks, weekday), at, minutes, zone }, { visibility: 'private', ...event })
  return [
    away(-30, 5, '12:00', 300, 'Away'),
    away(-12, 1, '08:00', 540, 'Sick'),
    away(-4, 4, '13:00', 240, 'Ada’s sports carnival'),
    away(1, 5, '14:30', 150, 'Leaving early'),
    away(11, 3, '08:00', 540, 'Moving house'),
    privately(-18, 1, '12:30', 45, { summary: 'Solicitor' }),
    privately(-2, 2, '12:30', 60, { summary: 'Salary talk – Tom', ...withGuests(olive, guest(tom)) }),
    privately(0, 1, '12:30', 30, { summary: 'Bank: extend the overdraft' }),
    privately(3, 3, '09:15', 45, { summary: 'Medical' }),
    privately(7, 2, '10:00', 60, { summary: 'Solicitor', description: 'Bring the lease.' }),
    timed(
      { on: dayOf(frame, 0, 1), at: '09:00', minutes: 60, zone },
      {
        summary: 'Plan the week',
        eventType: 'focusTime',
        focusTimeProperties: { autoDeclineMode: 'declineNone' },
      },
    ),
    allDay(
      { on: dayOf(frame, 0, 3) },
      {
        summary: 'Home',
        eventType: 'workingLocation',
        transparency: 'transparent',
        visibility: 'public',
        workingLocationProperties: { type: 'homeOffice', homeOffice: {} },
      },
    ),
  ]
}

function oddities(frame: Frame): Sample[] {
  const { zone } = frame
  const on = (weeks: number, weekday: number, at: string, minutes: number, event: EventDraft) =>
    timed({ on: dayOf(frame, weeks, weekday), at, minutes, zone }, event)
  const bare = (weeks: number, weekday: number, at: string, minutes: number, event: EventDraft) =>
    offsetOnly({ on: dayOf(frame, weeks, weekday), at, minutes, zone }, event)
  return [
    bare(-33, 2, '13:00', 30, { summary: 'Booked by the old website' }),
    bare(-13, 4, '10:00', 60, { summary: 'Booked by the old website' }),
    bare(0, 2, '13:00', 45, { summary: 'Web booking: gas heater, Neutral Bay' }),
    bare(3, 1, '11:00', 60, { summary: 'Web booking: dripping shower' }),
    bare(21, 5, '09:00', 30, { summary: 'Web booking: gutter' }),
    on(-19, 3, '12:15', 30, {}),
    on(0, 4, '11:30', 30, {}),
    on(10, 1, '10:00', 60, {}),
    on(-1, 4, '22:30', 225, {
      summary: 'Burst main, Balmain – emergency call-out',
      location: 'Darling St, Balmain NSW',
    }),
    on(2, 5, '21:00', 300, { summary: 'Night works: hospital shutdown' }),
    on(0, 5, '11:00', 60, { summary: '🚿🔧 Showroom day – tap demo with Reece 🎉' }),
    on(-6, 3, '10:30', 60, { summary: 'פגישה עם יעל – דוד שמש', location: 'Bondi' }),
    on(4, 2, '10:30', 60, { summary: 'اجتماع مع سامي بخصوص الصرف الصحي' }),
    on(1, 2, '13:30', 60, {
      summary:
        'Re-pipe of units 1–14 including the common laundry, the two garden taps whose stop valve has not been found yet, ' +
        'and a temporary connection for the café on the ground floor (bring the long ladder, the press tool and the site key)',
      description: '<b>Access:</b> caretaker from 13:15.<br>Park in the loading dock, <i>not</i> in the driveway.',
    }),
    on(5, 3, '09:00', 60, {
      summary: 'Meet at Maccas & "talk" <numbers>',
      location: 'McDonald’s, Brookvale',
    }),
    on(-3, 1, '10:00', 60, { summary: 'Open morning for the trade', visibility: 'public' }),
    on(8, 4, '18:00', 120, {
      summary: 'Team Christmas party (late)',
      ...withGuests(
        olive,
        guest(mia),
        guest(tom, 'needsAction'),
        guest(ravi, 'declined'),
        guest(outsiders.builder, 'tentative'),
      ),
      guestsCanSeeOtherGuests: false,
      reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 60 }] },
      colorId: '10',
    }),
  ]
}
