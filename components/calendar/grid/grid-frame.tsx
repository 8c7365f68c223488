'use client'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { Progress } from '../progress.tsx'
import type { InitialRange } from '../query-provider.tsx'
import { type CalendarQuery, useRefetchInitial } from '../use-appointments.ts'
import { maxColumns } from './columns.ts'
import type { GridProps } from './grid.tsx'
import { useGrid } from './use-grid.ts'
import { useKeepFocus } from './use-keep-focus.ts'
import { useWidth } from './use-width.ts'

type GridFrameProps = Omit<GridProps, 'columns' | 'isReady'> & {
  query: CalendarQuery
  initial: InitialRange | null
  /** Shown until the grid is ready. */
  placeholder: ReactNode
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** The grid, and what is shown in its place while its code loads. */
export const GridFrame = ({ query, initial, placeholder, onKeyDown, ...grid }: GridFrameProps) => {
  const frame = useRef<HTMLDivElement>(null)
  // Measured here, before the grid renders, so that it does not render a second time.
  const columns = maxColumns(grid.view, useWidth(frame, 984))
  const { Grid, isReady } = useGrid()
  useRefetchInitial(initial, isReady)
  useKeepFocus(grid.appointments)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble here from the events inside
    <div ref={frame} data-view={grid.view} className="relative min-h-0 grow" onKeyDown={onKeyDown}>
      <Progress query={query} />
      {!isReady && placeholder}
      {Grid && <Grid {...grid} columns={columns} isReady={isReady} />}
    </div>
  )
}
