import type { Temporal as Calendar } from 'temporal-polyfill'

/**
 * `temporal-polyfill` as browsers get it (next.config.ts): most have Temporal themselves by now, and need not fetch a
 * second one of 23 KB; the others wait for it before anything that tells time runs.
 */
const own = (globalThis as { Temporal?: typeof Calendar }).Temporal

export const Temporal = own ?? (await import('temporal-polyfill/implementation')).Temporal
