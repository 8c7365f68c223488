'use client'
import { type CSSProperties, type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useRef } from 'react'
import { type ButtonTone, buttonClass } from './button-class.ts'
import { Icon } from './icon.tsx'

export type MenuEntry = {
  id: string
  label: string
  /** A plain link, which may leave the application. */
  href?: string
  onPress?: () => void
}

type MenuButtonProps = {
  label: ReactNode
  /** The accessible name if `label` is not text. */
  name?: string
  tone?: ButtonTone
  entries: MenuEntry[]
}

/** A button that opens a menu. As a native popover it opens before scripts run. */
export const MenuButton = ({ label, name, tone = 'plain', entries }: MenuButtonProps) => {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const anchor = `--menu${id.replace(/\W/g, '')}`
  return (
    <>
      <button
        type="button"
        aria-label={name}
        aria-haspopup="menu"
        popoverTarget={id}
        style={{ anchorName: anchor } as CSSProperties}
        className={buttonClass(tone)}
      >
        {label}
        <Icon name="chevron-down" className="size-3" />
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={name ?? (typeof label === 'string' ? label : undefined)}
        tabIndex={-1}
        onToggle={focusFirst}
        onKeyDown={moveFocus}
        style={{ positionAnchor: anchor } as CSSProperties}
        className="m-0 my-1.5 min-w-60 rounded-xl border border-line bg-raised p-1 text-ink shadow-float [position-area:bottom_span-right] [position-try-fallbacks:flip-block,flip-inline] not-supports-[position-area:bottom]:m-auto"
      >
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} close={() => menu.current?.hidePopover()} />
        ))}
      </div>
    </>
  )
}

const entryClass =
  'block w-full rounded-md px-3 py-2.5 text-left font-medium -outline-offset-2 hover:bg-sunk focus:bg-sunk md:py-2'

const Entry = ({ entry, close }: { entry: MenuEntry; close: () => void }) => {
  const shared = { role: 'menuitem', tabIndex: -1, className: entryClass }
  if (entry.href)
    return (
      <a {...shared} href={entry.href}>
        {entry.label}
      </a>
    )
  const press = () => {
    close()
    entry.onPress?.()
  }
  return (
    <button {...shared} type="button" onClick={press}>
      {entry.label}
    </button>
  )
}

const items = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')]

const focusFirst = (event: ToggleEvent<HTMLDivElement>) => {
  if (event.newState === 'open') items(event.currentTarget)[0]?.focus()
}

const steps: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
}

const moveFocus = (event: KeyboardEvent<HTMLDivElement>) => {
  if (event.key === 'Tab') event.currentTarget.hidePopover()
  const all = items(event.currentTarget)
  const next = steps[event.key]?.(all.indexOf(document.activeElement as HTMLElement), all.length)
  if (next === undefined) return
  event.preventDefault()
  all[next]?.focus()
}
