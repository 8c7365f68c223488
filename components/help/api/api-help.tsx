import Link from 'next/link'
import { Section } from '#components/help/section.tsx'
import { Brand } from '#components/shell/brand.tsx'
import type { Reference } from '#lib/receptionist/http/reference.ts'
import { Operation } from './operation.tsx'
import { Block, Code, Words } from './words.tsx'

const link = 'text-accent underline underline-offset-2'

type ApiHelpProps = { reference: Reference; limits: Record<'reads' | 'writes', { perMinute: number; burst: number }> }

/** The reference for programmers; it needs no account. */
export const ApiHelp = ({ reference: { server, sections, problems }, limits }: ApiHelpProps) => (
  <main className="mx-auto w-full max-w-[52rem] px-4 py-6 md:py-10">
    <header className="mb-8 flex flex-wrap items-center justify-between gap-3">
      <Brand />
      <nav aria-label="Help" className="flex flex-wrap gap-4 text-sm">
        <Link href="/calendar" className={link}>
          Calendar
        </Link>
        <Link href="/settings/receptionist" className={link}>
          API keys
        </Link>
        <a href="/api/v1/openapi.json" className={link}>
          OpenAPI 3.1
        </a>
      </nav>
    </header>
    <h1 className="text-xl font-[650] tracking-tight">The receptionist’s API</h1>
    <p className="mt-1 text-ink-2">
      How a voice agent finds a free time and books it while the caller waits. Nothing that is offered is refused, and
      no time is given to two callers.
    </p>
    <Section title="Start">
      <p>
        The owner makes a key in{' '}
        <Link href="/settings/receptionist" className={link}>
          Settings → Receptionist
        </Link>
        . With a key that begins with <Code>sk_test_</Code>, nothing appears on the calendar or in Google, and
        everything is gone after a day. The commands below need <Code>curl</Code>, <Code>openssl</Code> and{' '}
        <Code>jq</Code>; run them one after another.
      </p>
      <Block>{`API=${server}\nKEY=sk_test_…`}</Block>
    </Section>
    <Section title="Rules for every request">
      <ul className="list-disc space-y-1.5 pl-5 marker:text-ink-3">
        <li>
          <Words text="Send `Authorization: Bearer sk_…`, and JSON as `application/json`, at most 64 KB. Unknown fields are refused." />
        </li>
        <li>
          <Words text="Times are ISO instants with an offset; answers have that of the business. Durations are minutes." />
        </li>
        <li>
          <Words text="Every answer has `say`, a sentence that the agent can say to the caller." />
        </li>
        <li>
          <Words text="Every POST needs an `Idempotency-Key`. The same request under the same key gets the same answer for 24 hours, with `Idempotent-Replayed: true`. While the first one runs, the answer is 409 with `Retry-After`." />
        </li>
        <li>
          <Words text="If a connection breaks, send the same request again with the same key. Nothing is booked twice." />
        </li>
        <li>
          <Words text="Name the phone call in `callId`, or in the header `X-Call-Id`. The owner sees what was asked and answered in each call." />
        </li>
      </ul>
    </Section>
    <Section title="Limits">
      <p>
        {`Each key has ${limits.reads.perMinute} reads and ${limits.writes.perMinute} writes a minute, ${limits.reads.burst} of each at once. Reading never uses up what booking needs, and there is no limit per day. Beyond it the answer is 429 with Retry-After.`}
      </p>
    </Section>
    <Section title="Versions">
      <p>
        <Words text="The version is part of the address: `/api/v1`. Fields, codes and types of changes may be added, so ignore those you do not know. Nothing is renamed or removed, and no optional field becomes required; such a change gets a new version, and the old one stays for at least twelve months." />
      </p>
    </Section>
    {sections.map(({ name, description, operations }) => (
      <div key={name}>
        <h2 className="mt-10 text-lg font-semibold">{name}</h2>
        <p className="mt-0.5 mb-3 text-ink-2">{description}</p>
        {operations.map((operation) => (
          <Operation key={operation.id} operation={operation} />
        ))}
      </div>
    ))}
    <h2 className="mt-10 text-lg font-semibold">Problems</h2>
    <p className="mt-0.5 mb-3 text-ink-2">
      <Words text="What went wrong is answered as `application/problem+json` (RFC 9457). `code` is stable, `say` is for the caller, `fields` names what is wrong with each field, and `alternatives` has other times." />
    </p>
    <dl className="divide-y divide-line border-y border-line text-sm">
      {problems.map(({ code, status, title, say }) => (
        <div key={code} id={code} className="scroll-mt-4 py-2 target:bg-accent-soft md:grid md:grid-cols-[14rem_1fr]">
          <dt className="font-mono text-xs leading-5 text-ink">
            {status} {code}
          </dt>
          <dd className="text-ink-2">
            {title}. “{say}”
          </dd>
        </div>
      ))}
    </dl>
  </main>
)
