import { ServicesView } from '#components/settings/services/services-view.tsx'
import { requireOwner } from '#lib/auth/viewer.ts'

export default async function ServicesPage() {
  await requireOwner()
  return <ServicesView />
}
