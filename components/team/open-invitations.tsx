import { Button } from '#components/ui/button.tsx'
import { acceptOpenInvitation } from '#lib/team/actions.ts'
import { openInvitationsToMe } from '#lib/team/loaders.ts'

/** Open invitations to the signed-in user, found by e-mail address. */
export const OpenInvitations = async () => {
  const invitations = await openInvitationsToMe()
  if (invitations.length === 0) return null
  return (
    <section aria-labelledby="open-invitations" className="mb-6">
      <h2 id="open-invitations" className="mb-2 font-semibold">
        {invitations.length === 1 ? 'You have an invitation' : 'You have invitations'}
      </h2>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {invitations.map(({ id, businessName, invitedBy, role }) => (
          <li key={id} className="flex flex-wrap items-center gap-3 px-4 py-3">
            <div className="min-w-0 flex-1 basis-48 leading-snug">
              <div className="font-medium">{businessName}</div>
              <div className="text-sm text-ink-3">
                {invitedBy} invites you as {role === 'owner' ? 'an owner' : 'staff'}
              </div>
            </div>
            <form action={acceptOpenInvitation}>
              <input type="hidden" name="invitationId" value={id} />
              <Button type="submit" tone="primary" aria-label={`Join ${businessName}`}>
                Join
              </Button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}
