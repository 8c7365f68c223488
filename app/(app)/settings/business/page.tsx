import { BusinessView } from '#components/settings/business/business-view.tsx'
import { requireOwner } from '#lib/auth/viewer.ts'

export default async function BusinessSettingsPage() {
  await requireOwner()
  return <BusinessView />
}
