import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/fixtures.ts'
import { at, enter, memberId, openCalendar, shown } from './steps/calendar.ts'
import { inEveryLayout } from './steps/layout.ts'
import { ask, asked, customer, insertKey, openDay } from './steps/receptionist.ts'
import { owner, staff } from './steps/steps.ts'

const held = (page: Page) => page.locator('[data-hold-id]')

test.describe('Settings → Receptionist', () => {
  test('the owner creates a key, which works until it is revoked', async ({ page, app, axe }) => {
    await enter(page.context(), { app, email: owner })
    await page.goto(`${app.url}/settings/receptionist`)
    await expect(page.getByText('No calls yet')).toBeVisible()
    await inEveryLayout(page, 'receptionist-empty', axe)
    await page.getByRole('button', { name: 'Create key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await expect(dialog.getByText('Give the key a name')).toBeVisible()
    await expect(dialog.getByLabel('Name')).toBeFocused()
    await inEveryLayout(page, 'receptionist-new-key', axe)
    await dialog.getByLabel('Name').fill('Vapi agent')
    await dialog.getByRole('radio', { name: 'Only these members' }).check()
    await dialog.getByRole('checkbox', { name: 'Mia Chen' }).check()
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await expect(dialog.getByRole('heading', { name: 'The secret of Vapi agent' })).toBeVisible()
    const secret = await dialog.getByLabel('Secret').inputValue()
    expect(secret).toMatch(/^sk_live_/)
    await inEveryLayout(page, 'receptionist-secret', axe)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await expect(dialog.getByText('Copied.')).toBeVisible()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
    await dialog.getByRole('button', { name: 'I have copied it' }).click()

    const row = page.getByRole('listitem').filter({ hasText: 'Vapi agent' })
    await expect(row).toContainText('See free times')
    await expect(row).toContainText('only Mia Chen')
    await expect(row).toContainText('never used')
    expect(await page.content()).not.toContain(secret)
    const slots = { secret, path: `slots?service=Leaking%20tap&from=${openDay()}&to=${openDay()}` }
    expect((await ask(app, slots)).status).toBe(200)

    await row.getByRole('button', { name: 'Revoke Vapi agent' }).click()
    await inEveryLayout(page, 'receptionist-revoke', axe)
    await dialog.getByRole('button', { name: 'Revoke key' }).click()
    await expect(page.getByText('“Vapi agent” is revoked.')).toBeVisible()
    await expect(page.getByText('Revoked keys (1)')).toBeVisible()
    expect((await ask(app, slots)).status).toBe(401)
  })

  test('the switch stops bookings at once, and is undone', async ({ page, app }) => {
    const secret = await insertKey(app)
    await enter(page.context(), { app, email: owner })
    await page.goto(`${app.url}/settings/receptionist`)
    const hold = { secret, path: 'holds', body: { service: 'Leaking tap', start: at(openDay(), '09:00') } }
    await page.getByRole('switch', { name: 'Sophiie may book' }).uncheck()
    await expect(page.getByText('Sophiie no longer books.')).toBeVisible()
    expect(await ask(app, hold)).toMatchObject({ status: 403, answer: { code: 'switched-off' } })
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('switch', { name: 'Sophiie may book' })).toBeChecked()
    await asked(app, hold)
    await page.getByRole('radio', { name: /books as pending/ }).check()
    await expect
      .poll(async () => (await app.sql`select when_google_unknown as it from businesses limit 1`)[0]?.it)
      .toBe('pending')
  })

  test('messages of callers are worked off by everyone, with Undo and a count on the tab', async ({
    page,
    app,
    axe,
  }) => {
    const secret = await insertKey(app)
    const leave = (wish: string) => asked(app, { secret, path: 'messages', body: { ...customer, wish } })
    await enter(page.context(), { app, email: staff })
    const isLive = page.waitForResponse(/\/api\/live/)
    await page.goto(`${app.url}/settings/receptionist`)
    await expect(page.getByText('No messages yet.')).toBeVisible()
    await isLive
    await expect(page.getByRole('heading', { name: 'API keys' })).toHaveCount(0)
    await leave('The drain in the yard is blocked again. Ring me before noon.')
    await leave('A quote for a new boiler')
    // Live, without a reload.
    const open = page.getByRole('list', { name: 'Open messages' })
    await expect(open.getByRole('listitem')).toHaveCount(2)
    await expect(page.getByRole('tab', { name: 'Receptionist 2 open messages' })).toBeVisible()
    await expect(open.getByRole('link', { name: 'Ring Alex Taylor, +61412345678' }).first()).toHaveAttribute(
      'href',
      'tel:+61412345678',
    )
    await inEveryLayout(page, 'receptionist-messages', axe)
    const drain = page.getByRole('listitem').filter({ hasText: 'drain' })
    await drain.getByRole('button', { name: 'Done: Alex Taylor' }).click()
    await expect(page.getByRole('tab', { name: 'Receptionist one open message' })).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByRole('tab', { name: 'Receptionist 2 open messages' })).toBeVisible()
    await drain.getByRole('button', { name: 'Done: Alex Taylor' }).click()
    await page.getByRole('group').filter({ hasText: 'Done' }).locator('summary').click()
    await expect(page.getByRole('list', { name: 'Messages that are done' })).toContainText('done by Mia Chen')
    await openCalendar(page, app)
    await expect(page.getByRole('link', { name: 'One message from a caller' })).toBeVisible()
  })
})

test.describe('Sophiie on the calendar', () => {
  test('a hold appears, and the booking takes its place; the owner reads the call', async ({
    page,
    app,
    axe,
    browser,
  }) => {
    const secret = await insertKey(app)
    const day = openDay()
    await enter(page.context(), { app, email: staff })
    await openCalendar(page, app, `?date=${day}`)
    const hold = await asked(app, {
      secret,
      path: 'holds',
      body: { service: 'Leaking tap', start: at(day, '10:00'), member: 'Mia Chen', callId: 'call_42' },
    })
    await expect(held(page)).toHaveText(/Held by Sophiie until \d+:\d\d [ap]m, .* Mia Chen/)
    await inEveryLayout(page, 'calendar-held', axe)
    await held(page).click()
    await inEveryLayout(page, 'hold-dialog', axe)
    await page.getByRole('button', { name: 'Leave it to Sophiie' }).click()

    const body = { hold: hold.id, customer, notes: 'The dog is friendly', callId: 'call_42' }
    const booked = await asked(app, { secret, path: 'appointments', body })
    const event = shown(page, String(booked.id))
    await expect(event).toContainText('Booked by Sophiie')
    await expect(held(page)).toHaveCount(0)
    await inEveryLayout(page, 'calendar-booked-by-sophiie', axe)
    await event.click()
    const dialog = page.getByRole('dialog', { name: 'Appointment' })
    await expect(dialog.getByText('Booked by Sophiie, call')).toBeVisible()
    await expect(dialog.getByRole('link', { name: 'call_42' })).toHaveCount(0)
    await dialog.getByRole('button', { name: 'Cancel appointment' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(event).toBeVisible()

    const office = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await enter(office.context(), { app, email: owner })
    await office.goto(`${app.url}/calendar?appointment=${booked.id}`)
    const link = office.getByRole('dialog').getByRole('link', { name: 'call_42' })
    await expect(link).toBeVisible()
    await inEveryLayout(office, 'appointment-booked-by-sophiie', axe)
    await expect.poll(async () => (await app.sql`select 1 from api_requests where call_id = 'call_42'`).length).toBe(2)
    await office.goto(`${app.url}${await link.getAttribute('href')}`)
    const call = office.getByRole('listitem').filter({ hasText: 'Booked: Leaking tap' }).first()
    await expect(call).toContainText('Voice agent · call_42 · 2 requests')
    await expect(call).toContainText('Held a time')
    await expect(call).toContainText('Alex Taylor')
    await inEveryLayout(office, 'receptionist-call', axe)
    await call.getByRole('link', { name: 'Show “Leaking tap” in the calendar' }).click()
    await expect(office.getByRole('dialog', { name: 'Appointment' })).toBeVisible()
    await office.goto(`${app.url}/settings/activity?appointment=${booked.id}`)
    await expect(office.getByRole('link', { name: 'Show the call' })).toHaveAttribute(
      'href',
      '/settings/receptionist?call=call_42#calls',
    )
    await office.context().close()
  })

  test('a hold that expires goes without a request', async ({ page, app, allowConsole }) => {
    allowConsole(/ERR_FAILED .*calendar/)
    const secret = await insertKey(app)
    const day = openDay()
    await asked(app, { secret, path: 'holds', body: { duration: 60, start: at(day, '10:00') } })
    await app.sql`update holds set expires_at = now() + interval '6 seconds'`
    await enter(page.context(), { app, email: staff })
    await openCalendar(page, app, `?date=${day}`)
    await expect(held(page)).toBeVisible()
    await page.route(/\/api\/calendar\?/, (route) => route.abort())
    await expect(held(page)).toHaveCount(0)
  })

  test('a person takes over a held time', async ({ page, app, axe }) => {
    const secret = await insertKey(app)
    const day = openDay()
    const hold = await asked(app, {
      secret,
      path: 'holds',
      body: { duration: 60, start: at(day, '10:00'), member: 'Mia Chen' },
    })
    await enter(page.context(), { app, email: staff })
    await openCalendar(page, app, `?date=${day}`)
    await held(page).click()
    await page.getByRole('button', { name: 'Book this time' }).click()
    const form = page.getByRole('dialog', { name: 'New appointment' })
    await expect(form.getByRole('checkbox', { name: 'Mia Chen' })).toBeChecked()
    await form.getByLabel('Title').fill('Emergency')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByText(/Held by Sophiie for a caller until \d/)).toBeVisible()
    await inEveryLayout(page, 'appointment-held', axe)
    await form.getByRole('button', { name: 'Take it over' }).click()
    await expect(form).toBeHidden()
    await expect(held(page)).toHaveCount(0)
    const [stored] = await app.sql`select h.ended, a.overlap_allowed as overlap
      from holds h, appointments a where h.id = ${String(hold.id)} and a.title = 'Emergency'`
    expect({ ...stored }).toEqual({ ended: 'taken-over', overlap: null })
  })

  test('a pending appointment is confirmed from the list, and from its form', async ({ page, app, axe }) => {
    const secret = await insertKey(app)
    const day = openDay()
    const book = (time: string, name: string) =>
      asked(app, {
        secret,
        path: 'appointments',
        body: { service: 'Bathroom quote', start: at(day, time), customer: { ...customer, name } },
      })
    const [first, second] = [await book('09:00', 'Alex Taylor'), await book('11:00', 'Kim Lee')]
    expect(first).toMatchObject({ status: 'pending' })
    await enter(page.context(), { app, email: staff })
    await openCalendar(page, app, `?date=${day}`)
    await expect(shown(page, String(first.id))).toContainText('needs confirmation')
    await inEveryLayout(page, 'calendar-pending', axe)
    await expect(page.getByText('2 appointments need confirmation.')).toBeVisible()
    await page.getByRole('button', { name: 'Show them' }).click()
    const list = page.getByRole('dialog', { name: 'Needs confirmation' })
    await inEveryLayout(page, 'pending-list', axe)
    await list
      .getByRole('listitem')
      .filter({ hasText: 'Alex Taylor' })
      .getByRole('button', { name: /^Confirm/ })
      .click()
    await expect(list.getByText('Alex Taylor')).toBeHidden()
    await expect(page.getByText('One appointment needs confirmation.')).toBeVisible()
    await list.getByRole('link', { name: 'Open Bathroom quote' }).click()
    const form = page.getByRole('dialog', { name: 'Appointment', exact: true })
    await expect(form.getByText('Needs confirmation')).toBeVisible()
    await inEveryLayout(page, 'appointment-pending', axe)
    await form.getByRole('button', { name: 'Confirm' }).click()
    await expect(page.getByText('“Bathroom quote” is confirmed.').first()).toBeVisible()
    await expect(page.getByText(/needs? confirmation/)).toHaveCount(0)
    const rows =
      await app.sql`select pending from appointments where id in ${app.sql([String(first.id), String(second.id)])}`
    expect(rows.map(({ pending }) => pending)).toEqual([false, false])
  })
})

test('staff add and remove their own time off once the owner allows it', async ({ page, app, axe }) => {
  await enter(page.context(), { app, email: staff })
  await page.goto(`${app.url}/settings/time-off`)
  await expect(page).toHaveURL(/\/settings\/calendar/)
  await expect(page.getByRole('tab', { name: 'Time off' })).toHaveCount(0)
  await enter(page.context(), { app, email: owner })
  await page.goto(`${app.url}/settings/business`)
  await page.getByRole('radio', { name: 'Staff add and remove their own' }).check()
  await expect(page.getByText('Saved.')).toBeVisible()

  await enter(page.context(), { app, email: staff })
  await page.goto(`${app.url}/settings/calendar`)
  await page.getByRole('tab', { name: 'Time off' }).click()
  await page.getByRole('button', { name: 'Add time off' }).click()
  await page.getByLabel('First day').fill(String(openDay()))
  await page.getByLabel('Reason').fill('Dentist')
  await inEveryLayout(page, 'own-time-off', axe)
  await page.getByRole('button', { name: 'Save time off' }).click()
  await expect(page.getByText('Dentist')).toBeVisible()
  const [stored] = await app.sql`select member_id as member from time_off where reason = 'Dentist'`
  expect(stored?.member).toBe(await memberId(app, 'Mia Chen'))
  await page
    .getByRole('button', { name: /^Remove time off/ })
    .last()
    .click()
  await expect(page.getByText('Dentist')).toBeHidden()
})
