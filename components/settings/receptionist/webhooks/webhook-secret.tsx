import { SecretDialog } from '../secret-dialog.tsx'

type WebhookSecretProps = { secret: string; onClose: () => void }

export const WebhookSecret = ({ secret, onClose }: WebhookSecretProps) => (
  <SecretDialog
    title="The secret of this webhook"
    note="Your server verifies each message with it."
    secret={secret}
    onClose={onClose}
  />
)
