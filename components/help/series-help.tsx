import { Section } from './section.tsx'

/** Series, for the people who use the calendar. */
export const SeriesHelp = () => (
  <Section title="Visits that repeat">
    <p>
      Choose <b className="font-semibold">Repeat</b> in the form of an appointment, new or existing: every so many days,
      weeks, months or years; for a number of visits, until a date, or without an end. An existing appointment becomes
      the first visit.
    </p>
    <p>
      All dates are shown before you save. For each one that is not free you choose: skip it, take the nearest free
      time, or book it anyway. Visits are booked 13 months ahead. Later ones are booked as time goes on.
    </p>
    <p>When you change, move, reassign or cancel a visit, you choose which visits that concerns:</p>
    <ul className="list-disc space-y-1.5 pl-5 marker:text-ink-3">
      <li>
        <b className="font-semibold">This visit</b>: only this one.
      </li>
      <li>
        <b className="font-semibold">This and following</b>: this one and those after it.
      </li>
      <li>
        <b className="font-semibold">All upcoming</b>: every visit that has not begun.
      </li>
    </ul>
    <p>
      Visits that have begun never change. Visits that were changed one by one keep their changes, unless you tick{' '}
      <b className="font-semibold">Change those too</b>; a cancellation cancels them as well.{' '}
      <b className="font-semibold">Undo</b> takes the whole change back.
    </p>
    <p>
      If a later date is not free when it is booked, that visit needs a time. The calendar shows how many there are.
      Press <b className="font-semibold">Show them</b> to find a time, book the visit anyway, or skip it.
    </p>
    <p>
      In Google each visit is an event of its own. If you move one there, only that visit moves, and the calendar asks
      whether the following ones move too. If you delete one there, the others stay, and you choose whether to cancel
      that visit or put it back.
    </p>
  </Section>
)
