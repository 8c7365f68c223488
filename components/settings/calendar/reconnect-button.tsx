import { Button } from '#components/ui/button.tsx'

/** A plain form, so that it works whatever else does not. */
export const ReconnectButton = () => (
  <form action="/api/google/link">
    <input type="hidden" name="reconnect" value="1" />
    <Button type="submit" tone="primary">
      Reconnect Google
    </Button>
  </form>
)
