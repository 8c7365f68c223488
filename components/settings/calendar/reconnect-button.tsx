import { Button } from '#components/ui/button.tsx'
import type { Whose } from '#lib/google/scopes.ts'

/** A plain form, which works without scripts. */
export const ReconnectButton = ({ whose = 'business' }: { whose?: Whose }) => (
  <form action="/api/google/link">
    {whose === 'member' && <input type="hidden" name="for" value="me" />}
    <Button type="submit" tone="primary">
      Reconnect Google
    </Button>
  </form>
)
