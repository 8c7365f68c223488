import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { owner } from './steps/steps.ts'

type Received = { headers: Record<string, string>; body: string }

/** An owner's server; it answers with `answer.status`. */
const startReceiver = async () => {
  const received: Received[] = []
  const answer = { status: 200 }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body })
      response.writeHead(answer.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { received, answer, host: `127.0.0.1:${port}`, stop: () => server.close() }
}

test('the owner adds a webhook, tests it, reads its deliveries, rotates its secret and deletes it', async ({
  page,
  app,
  axe,
}) => {
  const { received, answer, host, stop } = await startReceiver()
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/settings/receptionist`)
  const dialog = page.getByRole('dialog')
  const more = async (entry: string) => {
    await page.getByRole('button', { name: `More for ${host}` }).click()
    await page.getByRole('menuitem', { name: entry }).click()
  }

  await page.getByRole('button', { name: 'Add webhook' }).click()
  await dialog.getByLabel('Address').fill('http://10.0.0.1/hook')
  await dialog.getByRole('radio', { name: 'Only these' }).check()
  await dialog.getByRole('checkbox', { name: /message\.left/ }).check()
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  await expect(dialog.getByLabel('Address')).toBeFocused()
  await expect(dialog.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true')
  await inEveryLayout(page, 'webhook-new', axe)
  await dialog.getByLabel('Address').fill(`http://${host}/hook`)
  await dialog.getByRole('button', { name: 'Add webhook' }).click()
  const secret = await dialog.getByLabel('Secret').inputValue()
  expect(secret).toMatch(/^whsec_/)
  await inEveryLayout(page, 'webhook-secret', axe)
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  const row = page.getByRole('listitem').filter({ hasText: host })
  await expect(row).toContainText('message.left')

  await more('Send a test')
  await expect.poll(() => received.length).toBe(1)
  const [first] = received
  if (!first) throw new Error('Nothing was received.')
  expect(() => new Webhook(secret).verify(first.body, first.headers)).not.toThrow()
  answer.status = 500
  await more('Send a test')
  await expect.poll(() => received.length).toBe(2)
  await row.getByRole('button', { name: `Deliveries to ${host}` }).click()
  await expect(dialog.getByText('Arrived')).toBeVisible()
  await expect(dialog.getByText('Tried again soon')).toBeVisible()
  await inEveryLayout(page, 'webhook-deliveries', axe)
  await dialog.getByRole('button', { name: 'Close' }).click()

  await more('Rotate the secret')
  await inEveryLayout(page, 'webhook-rotate', axe)
  await dialog.getByRole('button', { name: 'Make a new secret' }).click()
  expect(await dialog.getByLabel('Secret').inputValue()).not.toBe(secret)
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await expect(row).toContainText('The previous secret signs as well for a day.')
  await more('Switch off')
  await expect(row).toContainText('Off')
  await inEveryLayout(page, 'webhook-off', axe)
  await more('Delete')
  await inEveryLayout(page, 'webhook-delete', axe)
  await dialog.getByRole('button', { name: 'Delete webhook' }).click()
  await expect(page.getByText('No webhooks.')).toBeVisible()
  stop()
})

test('the help for receivers', async ({ page, app, axe }) => {
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/help/webhooks`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await inEveryLayout(page, 'help-webhooks', axe)
})
