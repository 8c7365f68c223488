import { SyncStatusDot } from '#components/shell/sync-status-dot.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { syncStatusOfViewer } from '#lib/connection/loaders.ts'

export const StaffView = async ({ timeZone }: { timeZone: string }) => (
  <Card labelledBy="google-business">
    <CardHeader id="google-business" title="Google Calendar" lead="Only the owner can link or change it.">
      <SyncStatusDot status={await syncStatusOfViewer()} timeZone={timeZone} />
    </CardHeader>
    <CardBody className="text-ink-2">
      Appointments that you book, move or cancel are sent to Google automatically. If the status above needs attention,
      contact the owner.
    </CardBody>
  </Card>
)
