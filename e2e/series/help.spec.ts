import { expect, test } from '../fixtures/fixtures.ts'
import { enter } from '../steps/calendar.ts'
import { inEveryLayout } from '../steps/layout.ts'
import { staff } from '../steps/steps.ts'

test('Help says how visits repeat, in the words of the screens', async ({ page, app, axe }) => {
  await enter(page.context(), { app, email: staff })
  await page.goto(`${app.url}/calendar`)
  await page.getByRole('link', { name: 'Help' }).first().click()
  const section = page.locator('section', { has: page.getByRole('heading', { name: 'Visits that repeat' }) })
  for (const words of ['Repeat', 'This visit', 'This and following', 'All upcoming', 'Change those too', 'Undo'])
    await expect(section.getByText(words, { exact: true })).toBeVisible()
  await expect(section).toContainText('that visit needs a time')
  await expect(section).toContainText('If you move one there, only that visit moves')
  await expect(section).toContainText('If you delete one there, the others stay')
  await inEveryLayout(page, 'series-help', axe)
})
