'use client'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Note } from '#components/ui/note.tsx'
import type { View } from '../navigation/views.ts'
import { Progress } from '../progress.tsx'
import type { InitialRange } from '../query-provider.tsx'
import type { TeamDayProps } from '../team-day/team-day.tsx'
import { type CalendarQuery, useRefetchInitial } from '../use-appointments.ts'
import { useOutbox } from '../use-outbox.ts'
import { maxColumns } from './columns.ts'
import type { GridProps } from './grid.tsx'
import { useGrid, useIsReady } from './use-grid.ts'
import { useKeepFocus } from './use-keep-focus.ts'
import { useWidth } from './use-width.ts'

type GridFrameProps = Omit<GridProps, 'view' | 'columns' | 'isReady' | 'plugins'> & {
  view: View
  query: CalendarQuery
  initial: InitialRange | null
  /** Shown until the grid is ready. */
  placeholder: ReactNode
  /** What only the team's day needs. */
  team: Pick<TeamDayProps, 'setup' | 'staff' | 'onNew'>
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** The grid, and what is shown in its place while its code loads. */
export const GridFrame = ({ query, initial, placeholder, team, onKeyDown, ...grid }: GridFrameProps) => {
  const frame = useRef<HTMLDivElement>(null)
  // Measured here, before the grid renders, so that it does not render a second time.
  const width = useWidth(frame, 984)
  const { Grid, TeamDay, plugins, hasView, hasFailed, tryAgain } = useGrid(grid.view)
  // Until the code of another view is loaded, the last view is shown with its events.
  const { view, ...shown } = useLatest(grid, hasView)
  const isReady = useIsReady(view === 'team' ? TeamDay : Grid)
  useRefetchInitial(initial, isReady)
  useOutbox(grid.display.viewerId, isReady)
  useKeepFocus(grid.rows.appointments)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble here from the events inside
    <div ref={frame} data-view={view} className="relative min-h-0 grow" onKeyDown={onKeyDown}>
      <Progress query={query} isLoadingView={isReady && !hasView && !hasFailed} />
      {!isReady && placeholder}
      {hasFailed && <ViewFailed onTryAgain={tryAgain} />}
      {view === 'team'
        ? TeamDay && <TeamDay {...shown} {...team} isReady={isReady && !hasFailed} />
        : Grid && (
            <Grid
              {...shown}
              view={view}
              plugins={plugins}
              columns={maxColumns(view, width)}
              isReady={isReady && !hasFailed}
            />
          )}
    </div>
  )
}

/** `value`, or while it is not usable, the last one that was. */
const useLatest = <T,>(value: T, isUsable: boolean): T => {
  const latest = useRef(value)
  useEffect(() => {
    if (isUsable) latest.current = value
  })
  return isUsable ? value : latest.current
}

const ViewFailed = ({ onTryAgain }: { onTryAgain: () => void }) => (
  <Note
    tone="bad"
    role="alert"
    className="absolute inset-x-0 top-0 z-10"
    action={<Button onClick={onTryAgain}>Try again</Button>}
  >
    This view could not be loaded. Check your connection and try again, or reload the page.
  </Note>
)
