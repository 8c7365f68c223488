import type { ReactNode } from 'react'

/** Line icons on a 16 px grid. Decorative: the text beside them carries the meaning. */
const shapes = {
  calendar: (
    <>
      <rect x="1.75" y="2.75" width="12.5" height="11.5" rx="2.5" />
      <path d="M1.75 6.5h12.5M5 1.25v3M11 1.25v3" />
    </>
  ),
  sliders: (
    <>
      <path d="M1.75 4.75h6M12.25 4.75h2M1.75 11.25h2M8.25 11.25h6" />
      <circle cx="10" cy="4.75" r="2" />
      <circle cx="6" cy="11.25" r="2" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M6.1 6.2a1.95 1.95 0 1 1 2.7 2c-.5.25-.8.6-.8 1.15M8 11.5v.1" />
    </>
  ),
  plus: <path d="M8 2.75v10.5M2.75 8h10.5" />,
  check: <path d="m3 8.5 3.25 3.25L13 4.75" />,
  close: <path d="m3.75 3.75 8.5 8.5M12.25 3.75l-8.5 8.5" />,
  'chevron-left': <path d="M9.75 3.25 5 8l4.75 4.75" />,
  'chevron-right': <path d="M6.25 3.25 11 8l-4.75 4.75" />,
  'chevron-down': <path d="M3.25 6 8 10.75 12.75 6" />,
  lock: (
    <>
      <rect x="3" y="7" width="10" height="7" rx="2" />
      <path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2" />
    </>
  ),
  warning: <path d="M8 2.25 14.5 13.5h-13L8 2.25ZM8 6.5v3.25M8 11.6v.1" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M8 4.5V8l2.25 1.75" />
    </>
  ),
  external: (
    <path d="M6.5 3.25H3.75a1.5 1.5 0 0 0-1.5 1.5v7.5a1.5 1.5 0 0 0 1.5 1.5h7.5a1.5 1.5 0 0 0 1.5-1.5V9.5M9.5 2.25h4.25V6.5M13.5 2.5 7.75 8.25" />
  ),
  refresh: (
    <path d="M13.5 7A5.75 5.75 0 0 0 3 5L1.75 6.5M1.75 2.75V6.5H5.5M2.5 9A5.75 5.75 0 0 0 13 11l1.25-1.5M14.25 13.25V9.5H10.5" />
  ),
  repeat: (
    <path d="M3 7V6a2 2 0 0 1 2-2h8M10.75 1.75 13 4l-2.25 2.25M13 9v1a2 2 0 0 1-2 2H3M5.25 14.25 3 12l2.25-2.25" />
  ),
  'sign-out': (
    <path d="M6.25 2.25H4a1.75 1.75 0 0 0-1.75 1.75v8A1.75 1.75 0 0 0 4 13.75h2.25M10 4.75 13.25 8 10 11.25M13 8H6" />
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.75" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  link: (
    <path d="M6.75 9.25a3 3 0 0 0 4.25 0l2-2a3 3 0 0 0-4.25-4.25l-.75.75M9.25 6.75a3 3 0 0 0-4.25 0l-2 2a3 3 0 0 0 4.25 4.25l.75-.75" />
  ),
  pin: (
    <>
      <path d="M8 14.5s5-4.1 5-8a5 5 0 0 0-10 0c0 3.9 5 8 5 8Z" />
      <circle cx="8" cy="6.5" r="1.75" />
    </>
  ),
  people: (
    <>
      <circle cx="6" cy="5.25" r="2.5" />
      <path d="M1.5 13.5a4.5 4.5 0 0 1 9 0M10.25 3a2.5 2.5 0 0 1 0 4.5M12 9.6a4.5 4.5 0 0 1 2.5 3.9" />
    </>
  ),
  headset: (
    <>
      <path d="M2.25 10.5V8a5.75 5.75 0 0 1 11.5 0v2.5" />
      <rect x="2.25" y="8.75" width="2.75" height="4" rx="1.25" />
      <rect x="11" y="8.75" width="2.75" height="4" rx="1.25" />
      <path d="M13.75 11.5v1a2 2 0 0 1-2 2H9" />
    </>
  ),
  pencil: <path d="M10.75 2.5 13.5 5.25 5.5 13.25l-3.25.5.5-3.25 8-8ZM9 4.25 11.75 7" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

export const Icon = ({ name, className = 'size-4' }: { name: IconName; className?: string }) => (
  <svg
    className={`${className} shrink-0`}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    {shapes[name]}
  </svg>
)
