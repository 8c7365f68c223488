import type { ReactNode } from 'react'
import { join } from './join.ts'

type Part = { className?: string; children: ReactNode }

export const Card = ({ className, children, labelledBy }: Part & { labelledBy?: string }) => (
  <section aria-labelledby={labelledBy} className={join('rounded-xl border border-line bg-surface', className)}>
    {children}
  </section>
)

export const CardHeader = ({
  id,
  title,
  lead,
  children,
}: {
  id?: string
  title: string
  lead?: ReactNode
  children?: ReactNode
}) => (
  <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-4 md:px-5">
    <div className="min-w-0 flex-1 basis-60">
      <h2 id={id} className="text-md font-semibold">
        {title}
      </h2>
      {lead && <p className="text-ink-2">{lead}</p>}
    </div>
    {children}
  </header>
)

export const CardBody = ({ className, children }: Part) => (
  <div className={join('px-4 py-4 md:px-5', className)}>{children}</div>
)

export const CardFooter = ({ className, children }: Part) => (
  <footer className={join('flex flex-wrap items-center gap-2.5 border-t border-line px-4 py-3.5 md:px-5', className)}>
    {children}
  </footer>
)
