import type { ReactNode } from 'react'
import { Brand } from './brand.tsx'

type FrontProps = { title: string; lead: ReactNode; wide?: boolean; children: ReactNode }

/** The layout of pages outside the shell: one column with one task. */
export const Front = ({ title, lead, wide, children }: FrontProps) => (
  <main className="grid min-h-dvh grid-cols-[minmax(0,1fr)] place-items-center px-4 py-8">
    <div className={wide ? 'w-full max-w-[34rem]' : 'w-full max-w-[23rem]'}>
      <Brand className="mb-6 justify-center text-lg" />
      <div className="rounded-2xl border border-line bg-surface p-6 md:p-8">
        <h1 className="text-xl font-[650] tracking-tight">{title}</h1>
        <p className="mt-1 mb-6 text-ink-2">{lead}</p>
        {children}
      </div>
    </div>
  </main>
)
