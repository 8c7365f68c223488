import type { Temporal as Calendar } from 'temporal-polyfill'

/**
 * `temporal-polyfill` as browsers get it (next.config.ts): most have Temporal themselves by now, and need not fetch a
 * second one of 23 KB; the others wait for it before anything that tells time runs.
 *
 * By its path, as the one file that stands alone: any other entry shares modules with the calendar, which then get
 * everything that the whole polyfill needs of them.
 */
const holder = globalThis as { Temporal?: typeof Calendar }
if (!holder.Temporal) await import('../node_modules/temporal-polyfill/global.js')
// What tells time is most of the page, and would be started in the very task in which Next and React start.
else await new Promise<void>((resolve) => setTimeout(resolve))

export const Temporal = holder.Temporal as typeof Calendar
