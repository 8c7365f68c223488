import { expect, test } from './fixtures/fixtures.ts'
import { enter } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { owner } from './steps/steps.ts'

test.describe('working hours and time off', () => {
  test.beforeEach(async ({ page, app }) => {
    await enter(page.context(), { app, email: owner })
    await page.goto(`${app.url}/settings/team`)
    await page.getByRole('button', { name: 'Working time of Mia Chen' }).click()
  })

  test('own working hours are saved, refused with a sentence, and undone', async ({ page, app }) => {
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: /Own hours/ }).check()
    await dialog.getByLabel('Monday closes').fill('06:00')
    await dialog.getByRole('button', { name: 'Save working hours' }).click()
    await expect(dialog.getByText('Closing must be after opening.')).toBeVisible()
    await expect(dialog.getByLabel('Monday opens')).toBeFocused()
    await dialog.getByLabel('Monday closes').fill('12:00')
    await dialog.getByRole('button', { name: 'Save working hours' }).click()
    await expect(page.getByText('Working hours saved.')).toBeVisible()
    const hoursOfMia = async () =>
      (await app.sql`select working_hours from members where name = 'Mia Chen'`)[0]?.working_hours
    expect(await hoursOfMia()).toMatchObject({ 1: [{ from: '08:00', to: '12:00' }] })
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(hoursOfMia).toBeNull()
  })

  test('time off over appointments lists them, and each is kept, reassigned or cancelled', async ({
    page,
    app,
    axe,
  }) => {
    const [appointment] = await app.sql`
      with mia as (select id, business_id from members where name = 'Mia Chen'),
      made as (insert into appointments (business_id, title, starts_at, ends_at)
        select business_id, 'Gutter check', day, day + interval '1 hour'
        from mia, (select (current_date + 30 + time '10:00') at time zone 'Australia/Sydney' as day) d
        returning id, business_id, starts_at, ends_at)
      insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
      select made.business_id, made.id, mia.id, tstzrange(starts_at, ends_at), true from made, mia
      returning appointment_id, (current_date + 30)::text as date`
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Add time off' }).click()
    await dialog.getByRole('button', { name: 'Save time off' }).click()
    await expect(dialog.getByText('Enter a date and a time.').first()).toBeVisible()
    await expect(dialog.getByLabel('First day')).toBeFocused()
    await dialog.getByLabel('First day').fill(appointment?.date)
    await dialog.getByLabel('Reason').fill('Dentist')
    await dialog.getByRole('button', { name: 'Save time off' }).click()
    await expect(dialog.getByText('There are appointments in this time.')).toBeVisible()
    const choice = dialog.getByLabel('What happens to Gutter check')
    await expect(choice).toBeFocused()
    await inEveryLayout(page, 'time-off', axe)
    await choice.selectOption('Cancel it')
    await dialog.getByRole('button', { name: 'Save time off' }).click()
    await expect(page.getByText('Time off saved. 1 cancelled.')).toBeVisible()
    await expect(dialog.getByText('Dentist')).toBeVisible()
    const [stored] = await app.sql`select status from appointments where id = ${appointment?.appointment_id}`
    expect(stored?.status).toBe('cancelled')

    const entry = dialog.getByRole('listitem').filter({ hasText: 'Dentist' })
    await entry.getByRole('button', { name: /^Remove time off/ }).click()
    await expect(dialog.getByText('Dentist')).toBeHidden()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await app.sql`select 1 from time_off where reason = 'Dentist'`).length).toBe(1)
  })
})
