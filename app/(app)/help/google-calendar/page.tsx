import type { Metadata } from 'next'
import Link from 'next/link'
import { Answer, Section } from '#components/help/section.tsx'
import { permissions } from '#components/settings/calendar/permissions.ts'

export const metadata: Metadata = { title: 'Google Calendar · Help' }

export default function GoogleCalendarHelp() {
  return (
    <article className="max-w-[44rem]">
      <h1 className="text-xl font-[650] tracking-tight">Sophiie and Google Calendar</h1>
      <p className="mt-1 text-ink-2">What is connected, what is written, and what is never touched.</p>
      <Section title="Connecting">
        <ol className="list-decimal space-y-1.5 pl-5 marker:text-ink-3">
          <li>
            The owner opens{' '}
            <Link href="/settings/calendar" className="text-accent underline underline-offset-2">
              Settings → Calendar
            </Link>
            , presses <b className="font-semibold">Link Calendar</b> and chooses{' '}
            <b className="font-semibold">Connect to Google</b>.
          </li>
          <li>Google asks for permission. Every box has to be ticked, or nothing is linked.</li>
          <li>
            Back here, choose one calendar and press <b className="font-semibold">Save</b>. Nothing is
            synchronized before that.
          </li>
        </ol>
        <p>
          Signing in with Google and linking a calendar are two things: signing in tells us your name and
          e-mail address and gives no access to any calendar.
        </p>
      </Section>
      <Section title="Permissions, and why">
        <dl className="space-y-2">
          {permissions.map(({ id, name, reason }) => (
            <div key={id}>
              <dt className="inline font-semibold">{name}: </dt>
              <dd className="inline">{reason}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title="What is written to Google">
        <p>
          Each upcoming appointment becomes one event: title, start and end in the time zone of the business,
          location, the assignees as guests (Google sends them no e-mails; Settings → Business can leave them
          out), and a description with the customer, the assignees, the notes and a link back. A change here
          changes that event; cancelling here removes it. Past appointments are not sent.
        </p>
        <p>Guests, reminders, colours and video links that you add to such an event in Google stay there.</p>
      </Section>
      <Section title="What is never touched">
        <p>
          Events that Sophiie did not create are never changed or deleted. They show here with a lock, and are
          edited in Google.
        </p>
      </Section>
      <Section title="When you change an appointment in Google">
        <p>
          Move, rename or relocate it there and the appointment here follows. If both sides changed the same
          thing, what Sophiie says stands and what Google said is kept in the activity log. If you delete it
          there, the appointment is kept, marked “Removed in Google Calendar”, and asks whether to cancel it
          or put it back; in Settings → Business the owner can answer that once for all. What happened, and
          why, stands in Settings → Activity and under History of the appointment.
        </p>
      </Section>
      <Section title="Limits">
        <ul className="list-disc space-y-1.5 pl-5 marker:text-ink-3">
          <li>One calendar per business, and one that the linked account may write to.</li>
          <li>
            An appointment lasts at most 14 days. Its title has up to 200 characters, its location 500, its
            notes 5,000.
          </li>
          <li>
            Google takes some 500 changes a minute from one account. After a very large change the rest
            follows by itself within minutes.
          </li>
          <li>
            Google ends a link that was taken back in the Google account or not used for six months. The
            status then asks for <b className="font-semibold">Reconnect Google</b>, and nothing is lost
            meanwhile.
          </li>
        </ul>
      </Section>
      <Section title="Unlinking">
        <p>
          <b className="font-semibold">Unlink Google</b> gives the permission back to Google and erases its
          tokens and the copy of your Google events here. Events that Sophiie added stay in Google and are no
          longer updated. Link the same calendar again and it continues without duplicates.
        </p>
      </Section>
      <Section title="Questions and answers">
        <Answer question="How fast is it?">
          A booking goes to Google at once, usually within a second. Changes in Google arrive the moment
          Google tells us; where Google cannot, we ask every minute. The line at the lower left says how it
          stands.
        </Answer>
        <Answer question="What if Google is down?">
          Booking goes on. What could not be sent waits here and goes out by itself; the status says since
          when and why.
        </Answer>
        <Answer question="Which Google events block time?">
          Those that say you are busy, including out-of-office and focus time. Events marked free, declined
          ones, birthdays and working locations show but do not block.
        </Answer>
        <Answer question="Can staff see my private events?">
          Events marked private show to staff as “Busy” only. In Settings → Business the owner can show staff
          all Google events that way.
        </Answer>
        <Answer question="Whom does a Google event block?">
          Everyone, unless people of the team are guests of it: then those. In Settings → Business the owner
          can choose that events without guests block only whoever linked Google.
        </Answer>
        <Answer question="What happens when the time zone of the business changes?">
          Appointments keep the moment they take place, here and in Google. Only the clock they are shown in
          changes.
        </Answer>
        <Answer question="What happens to Google when the business is deleted?">
          The permission is given back first. Events that Sophiie added stay in Google.
        </Answer>
        <Answer question="Can I link more than one calendar?">
          One calendar per business. It can be changed at any time; upcoming appointments move along, with the
          guests, text, colours and reminders that people added in Google. A video link cannot move: it
          belongs to its event.
        </Answer>
      </Section>
    </article>
  )
}
