'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import type { OwnTimeOffPage } from '#lib/team/loaders.ts'
import { TimeOffForm } from './time-off-form.tsx'
import { TimeOffList } from './time-off-list.tsx'

/** A member of staff edits their own. */
export const OwnTimeOffCard = ({ memberId, timeZone, timeOff }: OwnTimeOffPage) => {
  const [adding, setAdding] = useState(false)
  return (
    <Card labelledBy="own-time-off">
      <CardHeader
        id="own-time-off"
        title="Your time off"
        lead="Sophiie offers no times with you then. People can still book you."
      >
        {!adding && (
          <Button tone="primary" onClick={() => setAdding(true)}>
            Add time off
          </Button>
        )}
      </CardHeader>
      <CardBody>
        <TimeOffList entries={timeOff} />
        {adding && <TimeOffForm memberId={memberId} timeZone={timeZone} isOwn onClose={() => setAdding(false)} />}
      </CardBody>
    </Card>
  )
}
