import { expect, test } from './fixtures/fixtures.ts'
import { inEveryLayout } from './steps/layout.ts'

test('the API reference needs no account, is accessible in every layout, and its links lead somewhere', async ({
  page,
  app,
  axe,
}) => {
  await page.goto(`${app.url}/help/api`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The receptionist’s API')
  for (const details of await page.locator('details').all()) await details.locator('summary').click()
  await inEveryLayout(page, 'help-api', axe)
  const targets = await page
    .locator('main a[href^="#"]')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).hash.slice(1)))
  expect(targets.length).toBeGreaterThan(50)
  for (const id of new Set(targets)) await expect(page.locator(`[id="${id}"]`)).toHaveCount(1)
  const document = await page.request.get(`${app.url}/api/v1/openapi.json`)
  expect(await document.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: `${app.url}/api/v1` }] })
})
