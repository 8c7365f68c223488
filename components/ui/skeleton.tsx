import { join } from './join.ts'

/** A grey shape in the place and size of what is coming. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={join('animate-breathe rounded-md bg-sunk', className)} />
)
