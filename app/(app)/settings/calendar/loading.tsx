import { Skeleton } from '#components/ui/skeleton.tsx'

export default function Loading() {
  return (
    <div role="status" aria-label="Loading" className="space-y-4">
      <Skeleton className="h-[246px] rounded-xl" />
      <Skeleton className="h-[226px] rounded-xl" />
    </div>
  )
}
