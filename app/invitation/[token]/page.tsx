import type { Metadata } from 'next'
import { Invitation } from '#components/team/invitation.tsx'

export const metadata: Metadata = { title: 'Invitation', robots: { index: false } }

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  return <Invitation token={(await params).token} />
}
