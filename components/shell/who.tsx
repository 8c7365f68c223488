import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { signOut } from '#lib/auth/actions.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { MoreAboutYou } from './more-about-you.tsx'

type WhoProps = { viewer: Pick<Viewer, 'name' | 'businessName'> }

/** The signed-in member, with sign-out as a form that works before scripts load. */
export const Who = ({ viewer }: WhoProps) => (
  <div className="flex items-center gap-1.5">
    <div className="-ml-2 [&>button]:gap-1 [&>button]:px-1.5">
      <MoreAboutYou />
    </div>
    <div className="min-w-0 flex-1 leading-tight">
      <div className="truncate">{viewer.name}</div>
      <div className="truncate text-xs text-ink-3">{viewer.businessName}</div>
    </div>
    <form action={signOut} className="-mr-2">
      <Button type="submit" tone="quiet" square aria-label="Sign out" title="Sign out">
        <Icon name="sign-out" />
      </Button>
    </form>
  </div>
)
