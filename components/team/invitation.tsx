import { Front } from '#components/shell/front.tsx'
import { WaysIn } from '#components/sign-in/ways-in.tsx'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { signOutTo } from '#lib/auth/actions.ts'
import { acceptInvitation } from '#lib/team/actions.ts'
import { invitationPage } from '#lib/team/loaders.ts'

/** The page of an invitation link. Opening it changes nothing; the button accepts. */
export const Invitation = async ({ token }: { token: string }) => {
  const found = await invitationPage(token)
  if (found.state === 'unknown')
    return <Ended title="This invitation does not exist" lead="Check that you copied the whole link." />
  if (found.state === 'too-often')
    return <Ended title="Too many attempts" lead="Wait ten minutes, then open the link again." />
  const { businessName, invitedBy, email, role } = found
  if (found.state === 'revoked' || found.state === 'expired')
    return (
      <Ended
        title={`This invitation ${found.state === 'expired' ? 'has expired' : 'was revoked'}`}
        lead={`Ask ${invitedBy} of ${businessName} for a new one.`}
      />
    )
  if (found.state === 'accepted')
    return <Ended title="This invitation was already used" lead={`It was for ${email}.`} />
  const lead = `${invitedBy} invites ${email} to join as ${role === 'owner' ? 'an owner' : 'staff'}.`
  return (
    <Front title={`Join ${businessName}`} lead={lead}>
      {found.state === 'signed-out' && (
        <>
          <p className="mb-4 text-ink-2">Sign in with this address first. The invitation works for no other.</p>
          <WaysIn path={`/invitation/${token}`} mail={found.mail} email={email} />
        </>
      )}
      {found.state === 'other-person' && (
        <form action={signOutTo} className="space-y-4">
          <input type="hidden" name="path" value={`/invitation/${token}`} />
          <p className="text-ink-2">
            You are signed in as <b className="font-semibold text-ink">{found.signedInAs}</b>. Sign in as {email} to
            accept.
          </p>
          <Button type="submit" size="wide">
            Sign out and use another account
          </Button>
        </form>
      )}
      {found.state === 'open' && (
        <form action={acceptInvitation}>
          <input type="hidden" name="token" value={token} />
          <Button type="submit" tone="primary" size="wide">
            Accept invitation
          </Button>
        </form>
      )}
    </Front>
  )
}

const Ended = ({ title, lead }: { title: string; lead: string }) => (
  <Front title={title} lead={lead}>
    <ButtonLink href="/calendar" size="wide">
      Go to the calendar
    </ButtonLink>
  </Front>
)
