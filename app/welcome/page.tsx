import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Front } from '#components/shell/front.tsx'
import { OpenInvitations } from '#components/team/open-invitations.tsx'
import { Button } from '#components/ui/button.tsx'
import { WelcomeForm } from '#components/welcome/welcome-form.tsx'
import { signOut } from '#lib/auth/actions.ts'
import { person, viewer } from '#lib/auth/viewer.ts'

export const metadata: Metadata = { title: 'Welcome' }

export default async function Welcome() {
  if (await viewer()) redirect('/calendar')
  const user = await person()
  if (!user) redirect('/sign-in?callbackUrl=/welcome')
  return (
    <Front title={`Welcome, ${user.name}`} lead="Tell us about your business. You can change everything later." wide>
      <OpenInvitations />
      <WelcomeForm />
      <form
        action={signOut}
        className="mt-6 flex flex-wrap items-center gap-x-2 border-t border-line pt-4 text-sm text-ink-3"
      >
        <span className="min-w-0 flex-1">Signed in as {user.email}. Not you, or waiting for an invitation?</span>
        <Button type="submit" tone="quiet" size="small" className="-mr-2">
          Sign out
        </Button>
      </form>
    </Front>
  )
}
