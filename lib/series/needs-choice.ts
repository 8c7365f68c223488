import type { PreviewDate } from './schema.ts'

/** Whether a date needs a choice before it can be saved. */
export const needsChoice = ({ state }: Pick<PreviewDate, 'state'>) => state !== 'free' && state !== 'google-unknown'
