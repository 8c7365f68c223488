import type { View } from '../navigation/views.ts'

const axis = 52
/** Pixels in which a word can be read, and in which a colour and two letters can. */
const readable = 42
const visible = 20
const narrowColumn = 90

/** How many events stand side by side in a column of a calendar this wide; those beyond are a "+2" to open. */
export const lanesOf = (view: View, width: number): number => {
  const column = (width - axis) / (view === 'week' ? 7 : 1)
  return Math.max(2, Math.floor(column / (column < narrowColumn ? visible : readable)))
}
