import type { ReactNode } from 'react'

type RegionProps = { id: string; title: string; lead: string; children: ReactNode }

/** The parts of Settings → Calendar: the calendar of the business, and one's own. */
export const Region = ({ id, title, lead, children }: RegionProps) => (
  <section aria-labelledby={id} className="space-y-4 not-first:pt-6">
    <div>
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      <p className="text-ink-2">{lead}</p>
    </div>
    {children}
  </section>
)
