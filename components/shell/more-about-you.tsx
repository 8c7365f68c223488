import { requireViewer } from '#lib/auth/viewer.ts'
import { memberships } from '#lib/team/loaders.ts'
import { initials } from './initials.ts'
import { YouMenu } from './you-menu.tsx'

/** Other businesses of the viewer, and the way out everywhere. */
export const MoreAboutYou = async () => {
  const { businessId: present, name } = await requireViewer()
  const others = (await memberships()).filter(({ businessId }) => businessId !== present)
  return (
    <YouMenu
      initials={initials(name)}
      others={others.map(({ businessId, businessName }) => ({ id: businessId, name: businessName }))}
    />
  )
}
