import Link from 'next/link'
import type { Viewer } from '#lib/auth/schema.ts'
import { Who } from './who.tsx'

/** Items of the side navigation that do not fit into the bottom navigation of phones. */
export const PhoneFooter = ({ viewer }: { viewer: Viewer }) => (
  <div className="mt-6 border-t border-line pt-3 md:hidden">
    <Link href="/help/google-calendar" className="flex h-11 items-center font-medium text-ink-2">
      Help
    </Link>
    <Who viewer={viewer} />
  </div>
)
