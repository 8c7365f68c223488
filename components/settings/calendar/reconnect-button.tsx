import { Button } from '#components/ui/button.tsx'

/** A plain form, which works without scripts. */
export const ReconnectButton = () => (
  <form action="/api/google/link">
    <Button type="submit" tone="primary">
      Reconnect Google
    </Button>
  </form>
)
