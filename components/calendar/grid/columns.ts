import type { GridView } from '../navigation/views.ts'

const axisWidth = 52
/** Pixels that fit a word, and pixels that fit a colour and initials. */
const readable = 42
const visible = 20
const narrowDay = 90

/** How many overlapping events fit side by side in a day of a calendar `width` pixels wide. */
export const maxColumns = (view: GridView, width: number): number => {
  const dayWidth = (width - axisWidth) / (view === 'week' ? 7 : 1)
  return Math.max(2, Math.floor(dayWidth / (dayWidth < narrowDay ? visible : readable)))
}
