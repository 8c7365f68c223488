'use client'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'

type Item = { href: string; under: string; label: string; icon: IconName }

const calendar: Item = { href: '/calendar', under: '/calendar', label: 'Calendar', icon: 'calendar' }
const settings: Item = { href: '/settings/calendar', under: '/settings', label: 'Settings', icon: 'sliders' }
const help: Item = { href: '/help/google-calendar', under: '/help', label: 'Help', icon: 'help' }

const useCurrent = () => {
  const pathname = usePathname()
  return ({ under }: Item) => (pathname === under || pathname.startsWith(`${under}/`) ? 'page' : undefined)
}

export const SideNav = () => {
  const current = useCurrent()
  return (
    <nav aria-label="Main" className="flex flex-col gap-0.5">
      {[calendar, settings, help].map((item) => (
        <Link
          key={item.href}
          href={item.href}
          aria-current={current(item)}
          className="flex h-9 items-center gap-2.5 rounded-md px-2.5 font-medium text-ink-2 hover:text-ink aria-[current]:bg-sunk aria-[current]:text-ink"
        >
          <Icon name={item.icon} />
          {item.label}
        </Link>
      ))}
    </nav>
  )
}

/** On the calendar page, keeps its date and staff filter. */
const useNewHref = () => {
  const onCalendar = usePathname() === calendar.href
  const params = new URLSearchParams(useSearchParams())
  params.set('new', '1')
  return `${calendar.href}?${onCalendar ? params.toString().replaceAll('%2C', ',') : 'new=1'}`
}

export const FootNav = () => {
  const current = useCurrent()
  const newHref = useNewHref()
  const cell = 'flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-xs font-medium text-ink-2'
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-40 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <Link href={calendar.href} aria-current={current(calendar)} className={join(cell, 'aria-[current]:text-accent')}>
        <Icon name={calendar.icon} className="size-5" />
        {calendar.label}
      </Link>
      <Link href={newHref} className={cell}>
        <Icon name="plus" className="size-5" />
        New
      </Link>
      <Link href={settings.href} aria-current={current(settings)} className={join(cell, 'aria-[current]:text-accent')}>
        <Icon name={settings.icon} className="size-5" />
        {settings.label}
      </Link>
    </nav>
  )
}
