import { join } from './join.ts'

/** A grey placeholder in the size of the content that loads. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={join('animate-breathe rounded-md bg-sunk', className)} />
)
