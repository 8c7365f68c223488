'use client'
import { useSyncExternalStore } from 'react'
import { spanText } from '#components/appointment/describe.ts'
import { join } from '#components/ui/join.ts'
import { type DisplayContext, GridEventContent } from '../grid/event-content.tsx'
import { minutesPart } from './column-layout.ts'
import type { Preview } from './gesture.ts'
import type { PreviewStore } from './preview-store.ts'
import { layoutOf } from './team-event.tsx'

type ColumnPreviewProps = { columnId: string; store: PreviewStore; display: DisplayContext }

/** Where the current gesture would put an appointment; renders nothing else of the column. */
export const ColumnPreview = ({ columnId, store, display }: ColumnPreviewProps) => {
  const preview = useSyncExternalStore(
    store.subscribe,
    () => store.inColumn(columnId),
    () => null,
  )
  if (!preview) return null
  return (
    <div
      aria-hidden="true"
      className={join(
        'pointer-events-none absolute inset-x-0 z-20 flex min-h-[25px] flex-col pb-px',
        preview.appointment && 'cal-dragged rounded-[7px]',
      )}
      style={minutesPart(preview)}
    >
      <div className="cal-event cal-column flex min-h-0 grow flex-col">
        <PreviewContent preview={preview} display={display} />
      </div>
    </div>
  )
}

const PreviewContent = ({ preview, display }: { preview: Preview; display: DisplayContext }) => {
  const { appointment, place, from, to } = preview
  if (appointment)
    return (
      <GridEventContent
        event={{ kind: 'appointment', appointment }}
        layout={layoutOf(to - from)}
        part={{ isStart: true, isEnd: true }}
        display={display}
        isMoving
      />
    )
  return (
    <div className="cal-drawn grow px-2 py-1 text-xs font-semibold tabular-nums">
      {place && spanText(place, display.zone)}
    </div>
  )
}
