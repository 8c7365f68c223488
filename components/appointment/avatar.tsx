import { initials } from '#components/shell/initials.ts'
import type { Member } from '#lib/auth/schema.ts'
import { colourOf } from './colours.ts'

/**
 * Initials on the member's colour, so that members can be distinguished without colour as well.
 * Hidden from screen readers: labels contain the names.
 */
export const Avatar = ({ member }: { member: Pick<Member, 'name' | 'colour'> }) => (
  <i
    aria-hidden="true"
    className="inline-grid h-[18px] min-w-[18px] shrink-0 place-items-center rounded-[5px] px-0.5 text-[9.5px] leading-none font-bold text-surface not-italic"
    style={{ background: colourOf(member.colour) }}
  >
    {initials(member.name)}
  </i>
)
