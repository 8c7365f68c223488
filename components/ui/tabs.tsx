'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { join } from './join.ts'
import { Pill } from './pill.tsx'

type Tab = {
  href: string
  label: string
  /** What waits there: how many, and the same in words. */
  badge?: { count: number; words: string } | null
}

const step: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** Arrow keys move the focus; Enter follows the link. */
const moveFocus = (event: KeyboardEvent<HTMLElement>) => {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')]
  const at = tabs.indexOf(document.activeElement as HTMLElement)
  const next = step[event.key]?.(at, tabs.length)
  if (at < 0 || next === undefined) return
  event.preventDefault()
  tabs[next]?.focus()
}

/** Tabs as links, which have an address and work before scripts load. The page is the panel. */
export const TabbedPages = ({ label, tabs, children }: { label: string; tabs: Tab[]; children: ReactNode }) => {
  const pathname = usePathname()
  const id = useId()
  const current = tabs.findIndex((tab) => pathname === tab.href || pathname.startsWith(`${tab.href}/`))
  const list = useRef<HTMLDivElement>(null)
  // On a phone, the tabs are wider than the page.
  useEffect(() => {
    const { clientWidth = 0 } = list.current ?? {}
    const tab = list.current?.querySelectorAll<HTMLElement>('[role=tab]')[current]
    if (tab) list.current?.scrollTo({ left: tab.offsetLeft + tab.offsetWidth / 2 - clientWidth / 2 })
  }, [current])
  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={moveFocus}
        className="-mx-4 relative mb-5 flex gap-6 overflow-x-auto border-b border-line px-4 md:mx-0 md:px-0"
      >
        {tabs.map((tab, index) => (
          <Link
            key={tab.href}
            id={`${id}-${index}`}
            href={tab.href}
            role="tab"
            aria-selected={index === current}
            aria-controls={index === current ? `${id}-panel` : undefined}
            tabIndex={index === current || current < 0 ? 0 : -1}
            className={join(
              'flex h-11 items-center border-b-2 font-medium -outline-offset-2 md:h-10',
              index === current ? 'border-accent text-ink' : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            {tab.label}
            {tab.badge && (
              <>
                <span aria-hidden="true" className="ml-1.5">
                  <Pill tone="wait">{tab.badge.count}</Pill>
                </span>
                <span className="sr-only">{tab.badge.words}</span>
              </>
            )}
          </Link>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={current < 0 ? undefined : `${id}-${current}`}>
        {children}
      </div>
    </>
  )
}
