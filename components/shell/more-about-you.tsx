import { requireViewer } from '#lib/auth/viewer.ts'
import { memberships } from '#lib/team/loaders.ts'
import { initials } from './initials.ts'
import { YouMenu } from './you-menu.tsx'

/** The menu with the viewer's other businesses and **Sign out everywhere**. */
export const MoreAboutYou = async () => {
  const { businessId: current, name } = await requireViewer()
  const others = (await memberships()).filter(({ businessId }) => businessId !== current)
  return (
    <YouMenu
      initials={initials(name)}
      others={others.map(({ businessId, businessName }) => ({ id: businessId, name: businessName }))}
    />
  )
}
