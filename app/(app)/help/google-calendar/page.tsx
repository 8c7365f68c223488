import type { Metadata } from 'next'
import Link from 'next/link'
import { Answer, Section } from '#components/help/section.tsx'
import { SeriesHelp } from '#components/help/series-help.tsx'
import { permissions } from '#components/settings/calendar/permissions.ts'

export const metadata: Metadata = { title: 'Google Calendar · Help' }

export default function GoogleCalendarHelp() {
  return (
    <article className="max-w-[44rem]">
      <h1 className="text-xl font-[650] tracking-tight">Sophiie and Google Calendar</h1>
      <p className="mt-1 text-ink-2">What is connected, what Sophiie writes, and what it never changes.</p>
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
          <li>Google asks for permission. Tick every box, or nothing is linked.</li>
          <li>
            Back here, choose one calendar and press <b className="font-semibold">Save</b>. Nothing is synchronized
            before that.
          </li>
        </ol>
        <p>
          Signing in with Google is separate from linking a calendar. Signing in gives us your name and e-mail address,
          and no access to any calendar.
        </p>
      </Section>
      <Section title="Your own calendars">
        <p>
          Every member can link their own Google account in Settings → Calendar, under{' '}
          <b className="font-semibold">My calendar</b>, and tick up to 10 calendars. While one of them shows you as
          busy, you are busy here. For that, Sophiie asks for permission to read only, and never reads titles, notes or
          guests. Others see that you are busy, and not why.
        </p>
        <p>
          Under <b className="font-semibold">My appointments</b> you can also choose one calendar that gets what is
          assigned to you, two-way like the business calendar. Google then asks once more, for permission to write.
          Other events in that calendar only make you busy: Sophiie keeps none of their titles, notes or guests, and
          changes none of them.
        </p>
        <p>
          The owner sees whether your link works, and the address of your account only if your appointments go to it;
          never the names of your calendars. When you leave the business, your account is unlinked.
        </p>
      </Section>
      <Section title="Calendars of the team">
        <p>
          Under <b className="font-semibold">Team calendars</b> the owner sees whether everybody’s calendar is in step,
          can ask a member by e-mail to link theirs, and decides where appointments go:
        </p>
        <ul className="list-disc space-y-1.5 pl-5 marker:text-ink-3">
          <li>
            <b className="font-semibold">Both</b>: the business calendar has every appointment, and each assignee has
            theirs in their own calendar too.
          </li>
          <li>
            <b className="font-semibold">Business calendar</b>: own calendars only block their members’ time.
          </li>
          <li>
            <b className="font-semibold">Each assignee’s calendar</b>: the business calendar has what is unassigned, or
            assigned to someone without a calendar of their own.
          </li>
        </ul>
        <p>
          When an appointment is reassigned, it appears in the calendar of the new assignee before it goes from the
          other. If a member deletes it in their own calendar, the appointment stays and says whose calendar it was
          removed from: put it back, give it to someone else, or cancel it.
        </p>
        <p>
          If a member’s Google access ends or their calendar is not accessible, their appointments stay booked here. One
          that is missing from that calendar says so when you open it: “Not in Ben’s Google”, with the reason. The same
          shows after a member unlinks, for the upcoming appointments that were in their calendar: the events there are
          no longer updated.
        </p>
        <p>
          The <b className="font-semibold">Team</b> view of the calendar (key <b className="font-semibold">T</b>) shows
          one day with a column for each member, and one for what is unassigned. Drag an appointment to another column
          to reassign it.
        </p>
        <p>
          Further calendars of the business account, such as a roster or public holidays, can block everyone or some of
          the team. Their events show here with a lock, and Sophiie writes nothing to them.
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
      <Section title="What Sophiie writes to Google">
        <p>
          Each upcoming appointment becomes one event: title, start and end in the time zone of the business, location,
          the assignees as guests (Google sends them no e-mails; you can turn guests off in Settings → Business), and a
          description with the customer, the assignees, the notes and a link back. A change here updates that event;
          cancelling here removes it. Past appointments are not sent.
        </p>
        <p>Guests, reminders, colours and video links that you add to such an event in Google are kept.</p>
      </Section>
      <Section title="What Sophiie never changes">
        <p>
          Sophiie never changes or deletes events that it did not create. They are shown here with a lock; edit them in
          Google.
        </p>
      </Section>
      <Section title="When you change an appointment in Google">
        <p>
          If you move, rename or relocate it there, the appointment here is updated. If both sides changed the same
          field, Sophiie’s value is kept and Google’s is recorded in the activity log. If you delete it there, the
          appointment stays here, marked “Removed in Google Calendar”, and you choose whether to cancel it or put it
          back. The owner can set a default answer in Settings → Business. Settings → Activity and the History of each
          appointment show what happened and why.
        </p>
      </Section>
      <SeriesHelp />
      <Section title="Limits">
        <ul className="list-disc space-y-1.5 pl-5 marker:text-ink-3">
          <li>
            Appointments go to one calendar of the business and to one of each member, which the linked account must be
            able to edit. Each account can add up to 10 calendars that only block time.
          </li>
          <li>
            An appointment lasts at most 14 days. Its title has up to 200 characters, its location 500, its notes 5,000.
          </li>
          <li>
            If an appointment’s event in Google gets times that an appointment cannot have, the appointment keeps its
            own and needs attention until you change them there.
          </li>
          <li>
            A time with more than 20,000 events is not shown at once: choose a shorter one. Someone who loads the
            calendar more than 600 times in a minute, or a long time more than 60 times, waits a minute.
          </li>
          <li>
            One export runs at a time. It pauses often so that others can work, so a large one takes several minutes.
          </li>
          <li>
            One person books at most 300 appointments in an hour. Further ones are kept and sent later; refused ones do
            not count.
          </li>
          <li>
            Of a Google event that repeats too often or has thousands of dates, only the first dates are shown. An event
            whose values cannot be read is skipped. Settings → Calendar lists both.
          </li>
          <li>
            Google accepts about 500 changes per minute from one account. After a very large change, the rest is sent
            within minutes.
          </li>
          <li>
            Google revokes access if you remove it in your Google account or do not use it for six months. The status
            then shows <b className="font-semibold">Reconnect Google</b>. Nothing is lost.
          </li>
        </ul>
      </Section>
      <Section title="Unlinking">
        <p>
          <b className="font-semibold">Unlink Google</b> revokes the access at Google and erases its tokens and the
          Google events stored here. Events that Sophiie added stay in Google and are no longer updated. If you link the
          same calendar again, syncing continues without duplicates. If you connect another Google account before
          choosing a calendar, access to the first one is revoked too.
        </p>
      </Section>
      <Section title="Questions and answers">
        <Answer question="How fast is it?">
          A booking is sent to Google at once, usually within a second. Google notifies us of changes immediately; if it
          cannot, we check every minute. The status at the lower left shows when the last sync was.
        </Answer>
        <Answer question="What if Google is down?">
          You can still book. Changes wait here and are sent automatically; the status shows since when and why.
        </Answer>
        <Answer question="Which Google events block time?">
          Events that show you as busy, including out-of-office and focus time. Events marked free, declined events,
          birthdays and working locations are shown but do not block.
        </Answer>
        <Answer question="Can staff see my private events?">
          Staff see events marked private as “Busy” only. In Settings → Business the owner can show all Google events to
          staff that way.
        </Answer>
        <Answer question="Who is blocked by a Google event?">
          Everyone, unless members are guests of it: then only those. In Settings → Business the owner can choose that
          events without guests block only the member who linked Google. Events of a further calendar of the business,
          such as a roster, block everyone or the members it is ticked for. An event that is also in a member’s own
          calendar, and blocks time there, blocks that member as well.
        </Answer>
        <Answer question="What happens when the time zone of the business changes?">
          Appointments still take place at the same moment, here and in Google. Only the time shown changes.
        </Answer>
        <Answer question="What happens in Google when the business is deleted?">
          Access is revoked first. Events that Sophiie added stay in Google.
        </Answer>
        <Answer question="Can I link more than one calendar?">
          The business has one calendar for appointments, and so can each member. You can change it at any time;
          upcoming appointments move with the guests, text, colours and reminders that were added in Google. Video links
          cannot move, because they belong to their event. Any number of calendars up to 10 can block time besides.
        </Answer>
      </Section>
      <Section title="For programmers">
        <p>
          <Link href="/help/api" className="text-accent underline underline-offset-2">
            The receptionist’s API
          </Link>{' '}
          lets a voice agent find a free time and book it.
        </p>
      </Section>
    </article>
  )
}
