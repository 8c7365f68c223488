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
/** Each layout and each scheme once; `LOOKS=all` takes all four, with a picture of each. */
const pictures = process.env.LOOKS === 'all'
const looks = pictures ? all : all.slice(0, 2)

/** The page at a desk and on a phone, light and dark: no accessibility violation, nothing wider than the screen. */
export const inEveryLook = async (page: Page, name: string, axe: (page: Page) => Promise<void>) => {
  const folder = '.data/results/looks'
  mkdirSync(folder, { recursive: true })
  for (const { width, height, scheme } of looks) {
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
