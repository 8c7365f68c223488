import { Skeleton } from '#components/ui/skeleton.tsx'

const days = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** An empty calendar of the same size, shown while the grid loads. */
export const GridSkeleton = () => (
  <div role="status" className="flex h-full flex-col overflow-hidden rounded-xl border border-line bg-surface">
    <span className="sr-only">Loading the calendar</span>
    <div className="grid h-[62px] grid-cols-[52px_repeat(7,minmax(0,1fr))] border-b border-line">
      <div />
      {days.map((day) => (
        <div key={day} className="border-l border-line p-2">
          <Skeleton className="h-3 w-8" />
          <Skeleton className="mt-2 h-4 w-6" />
        </div>
      ))}
    </div>
    <div className="grid grow grid-cols-[52px_repeat(7,minmax(0,1fr))]">
      <div />
      {days.map((day) => (
        <div key={day} className="border-l border-line" />
      ))}
    </div>
  </div>
)
