import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Front } from '#components/shell/front.tsx'
import { WaysIn } from '#components/sign-in/ways-in.tsx'
import { Note } from '#components/ui/note.tsx'
import { returnPath } from '#lib/auth/return-path.ts'
import { signInSentence } from '#lib/auth/sentences.ts'
import { person, viewer } from '#lib/auth/viewer.ts'
import { canMail } from '#lib/mail/send.ts'
import { first, type SearchParams } from '#lib/search-params.ts'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignIn({ searchParams }: { searchParams: SearchParams }) {
  const { callbackUrl, error } = await searchParams
  // next-auth passes absolute URLs; only the path is used.
  const path = returnPath(first(callbackUrl)?.replace(/^https?:\/\/[^/]+/, ''))
  if (await viewer()) redirect(path)
  if (await person()) redirect('/welcome')
  const sentence = signInSentence(error)
  return (
    <Front title="Sign in" lead="Appointments for your business, synchronized with Google Calendar.">
      {sentence && (
        <Note tone="bad" role="alert" className="mb-4">
          {sentence}
        </Note>
      )}
      <WaysIn path={path} mail={canMail()} />
      <p className="mt-5 text-sm text-ink-3">
        Signing in gives us only your name and e-mail address. You can link your calendar separately in Settings.
      </p>
    </Front>
  )
}
