'use client'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
// Not with the drawing: styles of lazy code are not linked in the HTML.
import '../grid/calendar.css'
import type { View } from '../navigation/views.ts'
import { GridSkeleton } from './grid-skeleton.tsx'
import type { DrawnView, StaticWeekProps } from './static-week.tsx'

const load = () => import('./static-week.tsx')

// The condition leaves the drawing out of the browser's bundle.
const server = typeof window === 'undefined' ? await load() : null

const LazyStaticWeek = lazy(load)

// Hydration leaves the content of such an element alone. The same object for every render: React
// would write the HTML of another one into the element.
const keptHtml = { suppressHydrationWarning: true, dangerouslySetInnerHTML: { __html: '' } }

const noSubscription = () => () => {}

/** Whether the component was first rendered into the server's HTML. */
const useIsFromServer = () => {
  const isHydrating = useSyncExternalStore(
    noSubscription,
    () => false,
    () => true,
  )
  const [isFromServer] = useState(isHydrating)
  return isFromServer
}

/**
 * The static week. The server's HTML is kept as it is: the browser neither receives what it was
 * drawn from a second time nor hydrates it. The browser itself draws only after a navigation
 * without a new document.
 */
export const FirstWeek = (props: StaticWeekProps) => {
  const isFromServer = useIsFromServer()
  if (server)
    return (
      <div>
        <server.default {...props} />
      </div>
    )
  if (isFromServer) return <div {...keptHtml} />
  return (
    <Suspense fallback={<GridSkeleton />}>
      <LazyStaticWeek {...props} />
    </Suspense>
  )
}

/** With more events, the drawing slows the page down more than it helps. */
const maxEvents = 80

type Rows = StaticWeekProps['rows']

export const hasStaticWeek = (view: View): view is DrawnView => view === 'day' || view === 'week'

export const isDrawable = ({ appointments, occurrences, busy, holds }: Rows) =>
  appointments.length + occurrences.length + busy.length + holds.length <= maxEvents
