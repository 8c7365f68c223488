import Link from 'next/link'
import type { ReactNode } from 'react'
import { changeTypes } from '#lib/webhooks/schema.ts'
import { typeWords } from '#lib/webhooks/words.ts'
import { Section } from './section.tsx'

/** How a program receives messages: what is sent, how to verify it, and what to expect. */
export const WebhooksHelp = () => (
  <article className="max-w-[44rem]">
    <h1 className="text-xl font-[650] tracking-tight">Webhooks</h1>
    <p className="mt-1 text-ink-2">
      Sophiie sends your server a message for each change. The owner adds the address in{' '}
      <Link href="/settings/receptionist" className="text-accent underline underline-offset-2">
        Settings → Receptionist
      </Link>
      .
    </p>
    <Section title="A message">
      <p>
        A <code>POST</code> with JSON. It holds ids and numbers, never titles, names or phone numbers: read those with
        an API key.
      </p>
      <Code>{example}</Code>
      <dl className="space-y-2">
        <Field name="webhook-id">Names the message. It is the same each time the message is sent again.</Field>
        <Field name="data.id">The appointment, hold or message. Changes of the calendar as a whole have none.</Field>
        <Field name="data.revision">
          Of the appointment after the change. Ignore a message whose revision is not above the one that you know.
        </Field>
        <Field name="data.position">
          Its place in <code>GET /api/v1/changes</code>, if it has one already.
        </Field>
      </dl>
    </Section>
    <Section title="What is sent">
      <dl className="space-y-1.5">
        {changeTypes.map((type) => (
          <Field key={type} name={type}>
            {typeWords[type]}.
          </Field>
        ))}
        <Field name="webhook.test">You pressed “Send a test”. It has no ids.</Field>
      </dl>
      <p>
        <code>calendar.broken</code> comes once when a person has to act or Google could not be read for half an hour,
        and <code>calendar.restored</code> once when it works again.
      </p>
    </Section>
    <Section title="Verify each message">
      <p>
        Messages follow Standard Webhooks 1.0.0, for which there are libraries in most languages. Verify the body as it
        came, before you parse it, and refuse messages whose timestamp is more than five minutes off.
      </p>
      <Code>{verifying}</Code>
      <p>
        After a rotation each message carries two signatures for 24 hours, separated by a space; libraries accept
        either.
      </p>
    </Section>
    <Section title="Answer quickly">
      <ul className="list-disc space-y-1.5 pl-5 marker:text-ink-3">
        <li>Answer with any 2xx within 15 seconds, and do the work afterwards. The body of the answer is ignored.</li>
        <li>Redirects are not followed and count as failures.</li>
        <li>
          Anything else is tried again after 5 seconds, 10, 20 and so on, up to 6 hours, for three days.{' '}
          <code>Retry-After</code> is heeded.
        </li>
        <li>
          <code>410 Gone</code> ends the subscription at once.
        </li>
        <li>If no message arrives for five days, the owners get an e-mail and the webhook is switched off.</li>
      </ul>
    </Section>
    <Section title="Expect repetition and any order">
      <p>
        A message arrives at least once. It comes again if your answer is lost, so remember each <code>webhook-id</code>{' '}
        that you have handled. Messages begin in the order of the changes, up to four at a time, and one that failed
        comes after later ones: compare revisions.
      </p>
      <p>
        To be sure that nothing is missing, ask <code>GET /api/v1/changes?after=</code> with the last position that you
        have handled. It lists every change, in order, for ever; a message can be your signal to ask.
      </p>
    </Section>
  </article>
)

const Code = ({ children }: { children: string }) => (
  <pre className="rounded-lg bg-sunk p-3 text-sm break-words whitespace-pre-wrap text-ink">{children}</pre>
)

const Field = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt className="inline">
      <code>{name}</code>{' '}
    </dt>
    <dd className="inline">{children}</dd>
  </div>
)

const example = `POST /your/path
content-type: application/json
webhook-id: 0b6e4c1e-6a1f-4c3e-9a55-3f7f0d1c2b4a
webhook-timestamp: 1795671840
webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=

{
  "type": "appointment.booked",
  "timestamp": "2026-11-26T03:04:00.000Z",
  "data": { "id": "8c0e…", "revision": 1, "position": 42 }
}`

const verifying = `import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.SOPHIIE_WEBHOOK_SECRET) // whsec_…
const message = webhook.verify(bodyAsText, headers) // throws if it is not ours`
