import type { ReactNode } from 'react'

export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="mt-7">
    <h2 className="mb-2 text-md font-semibold">{title}</h2>
    <div className="space-y-2.5 text-ink-2 [&_b]:text-ink [&_dt]:text-ink">{children}</div>
  </section>
)

export const Answer = ({ question, children }: { question: string; children: ReactNode }) => (
  <details className="group border-b border-line pb-2.5">
    <summary className="py-1 font-medium text-ink">{question}</summary>
    <p className="pt-1">{children}</p>
  </details>
)
