import type { Metadata } from 'next'
import { Front } from '#components/shell/front.tsx'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { signInByLink } from '#lib/auth/actions.ts'
import { mailedLink } from '#lib/auth/loaders.ts'

export const metadata: Metadata = { title: 'Sign in', robots: { index: false } }

export default async function SignInLink({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const link = await mailedLink(token)
  if (link === 'too-often')
    return (
      <Front title="Too many attempts" lead="Wait ten minutes, then open the link again.">
        <ButtonLink href="/sign-in" size="wide">
          Sign in another way
        </ButtonLink>
      </Front>
    )
  if (!link)
    return (
      <Front
        title="This link no longer works"
        lead="It was already used or is older than 30 minutes. Request a new one."
      >
        <ButtonLink href="/sign-in" size="wide" tone="primary">
          Sign in
        </ButtonLink>
      </Front>
    )
  return (
    <Front title="Sign in" lead={`As ${link.email}, in this browser.`}>
      <form action={signInByLink}>
        <input type="hidden" name="token" value={token} />
        <Button type="submit" tone="primary" size="wide">
          Sign in
        </Button>
      </form>
    </Front>
  )
}
