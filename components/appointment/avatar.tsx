import { initials } from '#components/shell/initials.ts'
import type { Member } from '#lib/auth/schema.ts'
import { colourOf } from './colours.ts'

/** Two letters on the member's colour: who it is, also where colours look alike. Decoration: names stand in labels. */
export const Avatar = ({ member }: { member: Pick<Member, 'name' | 'colour'> }) => (
  <i
    aria-hidden="true"
    className="inline-grid h-[18px] min-w-[18px] shrink-0 place-items-center rounded-[5px] px-0.5 text-[9.5px] leading-none font-bold text-surface not-italic"
    style={{ background: colourOf(member.colour) }}
  >
    {initials(member.name)}
  </i>
)
