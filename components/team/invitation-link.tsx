import { CopyField } from '#components/ui/copy-field.tsx'
import { Note } from '#components/ui/note.tsx'

type InvitationLinkProps = { email: string; link: string; mailed: boolean }

/** Shown only once, because only the hash of its token is stored. */
export const InvitationLink = ({ email, link, mailed }: InvitationLinkProps) => (
  <Note role="status" className="mt-4">
    <p>
      {mailed ? (
        <>
          This link was e-mailed to <b className="font-semibold">{email}</b>.
        </>
      ) : (
        <>
          Send this link to <b className="font-semibold">{email}</b>. It is shown only once.
        </>
      )}
    </p>
    <div className="mt-2">
      <CopyField label="Invitation link" value={link} action="Copy link" />
    </div>
  </Note>
)
