'use client'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { type ButtonTone, buttonClass } from './button.tsx'
import { Icon } from './icon.tsx'

type MenuEntry = {
  id: string
  label: string
  detail?: string
  /** Followed as an ordinary link, so it may leave the application. */
  href?: string
  onPress?: () => void
}

type MenuButtonProps = { label: ReactNode; name?: string; tone?: ButtonTone; entries: MenuEntry[] }

/** A button that opens a menu. `name` is its accessible name when `label` is not words. */
export const MenuButton = ({ label, name, tone = 'plain', entries }: MenuButtonProps) => (
  <MenuTrigger>
    <Button aria-label={name} className={buttonClass(tone)}>
      {label}
      <Icon name="chevron-down" className="size-3" />
    </Button>
    <Popover
      placement="bottom start"
      offset={6}
      className="min-w-56 rounded-xl border border-line bg-raised p-1 shadow-float"
    >
      <Menu className="outline-none">
        {entries.map((entry) => (
          <MenuItem
            key={entry.id}
            id={entry.id}
            href={entry.href}
            onAction={entry.onPress}
            textValue={entry.label}
            aria-label={entry.label}
            className="block cursor-pointer rounded-md px-3 py-2.5 outline-none data-focused:bg-sunk md:py-2"
          >
            <span className="block font-medium">{entry.label}</span>
            {entry.detail && <span className="block text-sm text-ink-2">{entry.detail}</span>}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  </MenuTrigger>
)
