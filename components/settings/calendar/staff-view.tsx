import { SyncMark } from '#components/shell/sync-mark.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { syncStatusOfViewer } from '#lib/connection/loaders.ts'

export const StaffView = async ({ timeZone }: { timeZone: string }) => (
  <Card labelledBy="google">
    <CardHeader
      id="google"
      title="Google Calendar"
      lead="Only the owner of the business can link or change it."
    >
      <SyncMark status={await syncStatusOfViewer()} timeZone={timeZone} />
    </CardHeader>
    <CardBody className="text-ink-2">
      Appointments you book, move or cancel reach Google by themselves. If the line above says that something
      needs attention, tell the owner.
    </CardBody>
  </Card>
)
