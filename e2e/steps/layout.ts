import { mkdirSync } from 'node:fs'
import type { Page } from '@playwright/test'

const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const all = [
  { ...desk, scheme: 'light' },
  { ...phone, scheme: 'dark' },
  { ...phone, scheme: 'light' },
  { ...desk, scheme: 'dark' },
] as const
/**
 * Each layout and each scheme once; `SCREENSHOTS=all` checks all four, with a screenshot of each.
 */
const pictures = process.env.SCREENSHOTS === 'all'
const layouts = pictures ? all : all.slice(0, 2)

/**
 * Checks desktop and phone, light and dark: no accessibility violations, no horizontal overflow.
 */
export const inEveryLayout = async (page: Page, name: string, axe: (page: Page) => Promise<void>) => {
  const folder = '.data/results/screenshots'
  mkdirSync(folder, { recursive: true })
  for (const { width, height, scheme } of layouts) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await axe(page)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (wide > 0) throw new Error(`${name} is ${wide} px wider than ${width} px.`)
    if (pictures) await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'light' })
}
