import type { Temporal as Calendar } from 'temporal-polyfill'

/**
 * Replaces `temporal-polyfill` in browser bundles (next.config.ts). Most browsers have Temporal and
 * skip the 23 KB polyfill; the others load it before any code that needs it runs.
 *
 * Imported by path because `global.js` is self-contained. Every exported entry shares modules with
 * the calendar's chunk, which would then carry everything that the whole polyfill needs of them.
 */
const scope = globalThis as { Temporal?: typeof Calendar }
if (!scope.Temporal) await import('../node_modules/temporal-polyfill/global.js')
// Yields once, so that the code behind this import does not run in the task that starts React.
else await new Promise<void>((resolve) => setTimeout(resolve))

export const Temporal = scope.Temporal as typeof Calendar
