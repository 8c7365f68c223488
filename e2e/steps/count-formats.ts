import type { Page } from '@playwright/test'

declare global {
  interface Window {
    /** Number of formatted times and dates. */
    formatCalls: number
  }
}

/**
 * Counts from the next page on how many times were formatted. Each rendered event formats its own,
 * so the number shows how many were rendered.
 */
export const countFormats = (page: Page) =>
  page.addInitScript(() => {
    const own = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')
    window.formatCalls = 0
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
      get() {
        window.formatCalls++
        return own?.get?.call(this)
      },
    })
  })

/** How many since the page was loaded. */
export const formatsOf = (page: Page) => page.evaluate(() => window.formatCalls)
