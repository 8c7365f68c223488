import { continueWithGoogle } from '#lib/auth/actions.ts'
import { EmailLinkForm } from './email-link-form.tsx'
import { GoogleButton } from './google-button.tsx'

type WaysInProps = { path: string; mail: boolean; email?: string }

/** Google, and a sign-in link if e-mail is set up. Both return to `path`. */
export const WaysIn = ({ path, mail, email }: WaysInProps) => (
  <>
    <form action={continueWithGoogle}>
      <input type="hidden" name="callbackUrl" value={path} />
      <GoogleButton />
    </form>
    {mail && (
      <>
        <div className="my-4 flex items-center gap-3 text-sm text-ink-3">
          <span className="h-px flex-1 bg-line" />
          or
          <span className="h-px flex-1 bg-line" />
        </div>
        <EmailLinkForm path={path} email={email} />
      </>
    )}
  </>
)
