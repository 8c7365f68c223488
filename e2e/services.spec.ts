import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { owner } from './steps/steps.ts'

test.describe('Settings → Services', () => {
  test.beforeEach(async ({ page, app }) => {
    await enter(page.context(), { app, email: owner })
    await page.goto(`${app.url}/settings/services`)
  })

  test('has no accessibility violations or overflow in any layout', async ({ page, axe }) => {
    await expect(page.getByRole('tab', { name: 'Services', selected: true })).toBeVisible()
    await inEveryLayout(page, 'services', axe)
    await page.getByRole('button', { name: 'Edit Blocked drain' }).click()
    await inEveryLayout(page, 'services-edit', axe)
  })

  test('a service is added, changed, switched off, deleted and brought back', async ({ page, app }) => {
    await page.getByRole('button', { name: 'Add service' }).click()
    const dialog = page.getByRole('dialog', { name: 'New service' })
    await dialog.getByLabel('Lengths in minutes').fill('half an hour')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByText('Enter a name.')).toBeVisible()
    await expect(dialog.getByText('Enter a number of minutes.')).toBeVisible()
    await expect(dialog.getByLabel('Name', { exact: true })).toBeFocused()
    await dialog.getByLabel('Name', { exact: true }).fill('Gas check')
    await dialog.getByLabel('Lengths in minutes').fill('30, 45')
    await dialog.getByLabel('Gap after (minutes)').fill('10')
    await dialog.getByRole('radio', { name: 'Only these members' }).check()
    await dialog.getByRole('checkbox', { name: 'Mia Chen' }).check()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog).toBeHidden()
    const row = page.getByRole('listitem').filter({ hasText: 'Gas check' })
    await expect(row).toContainText('30 min, 45 min · 10 min after · Mia Chen · Sophiie books it')

    await row.getByRole('checkbox', { name: 'Gas check is active' }).uncheck()
    await expect(page.getByText('“Gas check” can no longer be booked.')).toBeVisible()
    await row.getByRole('button', { name: 'Delete Gas check' }).click()
    await expect(row).toBeHidden()
    await page.getByText('“Gas check” was deleted.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect(row).toBeVisible()
    const [stored] = await app.sql`select active, durations, gap_after from services where name = 'Gas check'`
    expect({ ...stored }).toEqual({ active: false, durations: [30, 45], gap_after: 10 })
  })

  test('choosing a service sets the length, the title and the gaps of an appointment, and says what it is', async ({
    page,
    app,
    axe,
  }) => {
    await page.goto(`${app.url}/calendar`)
    await page.getByRole('button', { name: 'New appointment' }).click()
    const dialog = page.getByRole('dialog', { name: 'New appointment' })
    await dialog.getByLabel('Start', { exact: true }).fill('09:00')
    const service = dialog.getByLabel('Service')
    await expect(service).toHaveAccessibleDescription('')
    await service.selectOption('Leaking tap')
    await expect(service).toHaveAccessibleDescription(/^1 h, 1 h 30 min · 15 min after · .*Sophiie books it$/)
    await inEveryLayout(page, 'service-chosen', axe)
    await expect(dialog.getByLabel('Title')).toHaveValue('Leaking tap')
    await expect(dialog.getByLabel('End', { exact: true })).toHaveValue('10:00')
    await dialog.getByRole('button', { name: '1 h 30 min' }).click()
    await expect(dialog.getByLabel('End', { exact: true })).toHaveValue('10:30')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText(/“Leaking tap” is booked/)).toBeVisible()
    const [stored] = await app.sql`select s.name, a.gap_before, a.gap_after from appointments a
      join services s on s.id = a.service_id`
    expect({ ...stored }).toEqual({ name: 'Leaking tap', gap_before: 0, gap_after: 15 })
  })
})

test('a time that breaks a rule says which, with a link; a gap asks for Book anyway', async ({ page, app, axe }) => {
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/calendar`)
  const dialog = page.getByRole('dialog', { name: 'New appointment' })
  const book = async (start: string, title: string) => {
    await page.getByRole('button', { name: 'New appointment' }).click()
    await dialog.getByLabel('Date', { exact: true }).fill(await dateIn(30))
    await dialog.getByLabel('Start', { exact: true }).fill(start)
    await dialog.getByLabel('Service').selectOption('Leaking tap')
    await dialog.getByLabel('Title').fill(title)
    await dialog.getByRole('checkbox', { name: 'Mia Chen' }).check()
  }
  const dateIn = async (days: number) =>
    (
      await app.sql`select d::date::text as day from generate_series(current_date + ${days}::int, current_date + 40, '1 day') d
      where extract(isodow from d) = 3 limit 1`
    )[0]?.day
  await book('06:00', 'Early')
  await expect(dialog.getByText('Outside of the opening hours on Wednesdays.')).toBeVisible()
  await expect(dialog.getByRole('link', { name: 'Show: Outside of the opening hours on Wednesdays.' })).toHaveAttribute(
    'href',
    '/settings/business#hours',
  )
  await inEveryLayout(page, 'broken-rule', axe)
  await dialog.getByLabel('Start', { exact: true }).fill('09:00')
  await expect(dialog.getByText('This time breaks a rule.')).toBeHidden()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()

  await book('10:05', 'Second')
  await expect(dialog.getByText('Less than 15 min from another appointment of Mia Chen.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('Too close to another appointment.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Book anyway' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(async () => (await app.sql`select 1 from appointments where title = 'Second'`).length).toBe(1)
})
