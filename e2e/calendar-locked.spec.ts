import { longDate } from '#lib/dates/format.ts'
import { expect, test } from './fixtures/fixtures.ts'
import {
  at,
  book,
  boxOf,
  caller,
  drag,
  enter,
  memberId,
  openCalendar,
  quietDay,
  savedRequest,
  shown,
  zone,
} from './steps/calendar.ts'
import { linkedWork } from './steps/link.ts'
import { owner, workCalendar } from './steps/steps.ts'

test('Google events cannot be changed by mouse, keyboard or forged requests, say why, and cause clashes while they exist', async ({
  page,
  app,
  google,
  axe,
}) => {
  const day = quietDay()
  const calendarId = workCalendar(google)
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const booked = await book(app, {
    title: 'Own',
    start: at(day, '13:00'),
    end: at(day, '14:00'),
    assigneeIds,
  })
  await enter(page.context(), { app, email: owner })
  await linkedWork(app, google)
  const event = google.person.create({
    email: owner,
    calendarId,
    event: {
      summary: 'Walk with the dog',
      start: { dateTime: at(day, '09:00'), timeZone: zone },
      end: { dateTime: at(day, '10:00'), timeZone: zone },
    },
  })
  await openCalendar(page, app, `?view=week&date=${day}`)
  const locked = page.locator('[data-google-event-id]', { hasText: 'Walk with the dog' }).first()
  await expect(locked).toHaveAccessibleName(/Walk with the dog, .*9:00 am to 10:00 am, locked: a Google event/)
  const id = (await locked.getAttribute('data-google-event-id')) ?? ''

  await test.step('by mouse and keyboard', async () => {
    const box = await boxOf(locked)
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    await drag(page, middle, { x: middle.x, y: middle.y + 120 })
    await drag(page, { x: middle.x, y: box.y + box.height - 1 }, { x: middle.x, y: middle.y + 120 })
    await page.keyboard.press('Escape')
    await locked.focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(locked).toHaveAccessibleName(/9:00 am to 10:00 am/)
    await page.keyboard.press('Enter')
    const details = page.getByRole('dialog', { name: 'Walk with the dog' })
    await expect(details).toContainText('marked as busy in Google Calendar, so it blocks this time')
    await expect(details.getByRole('link', { name: 'Edit in Google Calendar' })).toBeVisible()
    await expect(details.getByRole('textbox')).toHaveCount(0)
    await axe(page)
    await page.keyboard.press('Escape')
    await expect(locked).toBeFocused()
  })

  await test.step('by a forged request', async () => {
    const call = await caller(app, await savedRequest(page, 'An own one'))
    const times = { start: at(day, '15:00'), end: at(day, '16:00') }
    const uuid = '0198f6f0-0000-7000-8000-000000000000'
    const codeOf = async (change: object) => {
      const { status, answer } = await call({ revision: 1, ...change })
      return [status, answer.ok ? 'ok' : answer.code]
    }
    expect(await codeOf({ kind: 'move', id, ...times })).toEqual([200, 'invalid'])
    expect(await codeOf({ kind: 'cancel', id: event.id })).toEqual([200, 'invalid'])
    expect(await codeOf({ kind: 'move', id: uuid, ...times })).toEqual([200, 'not-found'])
    const backwards = { start: times.end, end: times.start }
    expect(await codeOf({ kind: 'move', id: booked, ...backwards })).toEqual([200, 'invalid'])
  })

  await test.step('a clash with a Google event is flagged and counted until it is resolved', async () => {
    const over = google.person.create({
      email: owner,
      calendarId,
      event: {
        summary: 'School run',
        start: { dateTime: at(day, '13:30'), timeZone: zone },
        end: { dateTime: at(day, '14:30'), timeZone: zone },
      },
    })
    await expect(page.getByText('One appointment clashes.')).toBeVisible()
    await expect(shown(page, booked)).toHaveAccessibleName(/Clashes with “School run”/)
    await axe(page)
    google.person.remove({ email: owner, calendarId, eventId: over.id ?? '' })
    await expect(page.getByText('One appointment clashes.')).toBeHidden()
  })

  await test.step('the page shows the progress of the first import', async () => {
    await app.sql`update synced_calendars set imported_at = null, imported_count = 1234`
    await page.reload()
    await expect(page.getByText('Importing from Google: 1,234 events so far.')).toBeVisible()
    await axe(page)
  })
})

test('a Google event over several days, without a visible title, with an address in angle brackets', async ({
  page,
  app,
  google,
  axe,
}) => {
  const first = quietDay().add({ days: 3 })
  const last = first.add({ days: 3 })
  await enter(page.context(), { app, email: owner })
  await linkedWork(app, google)
  google.person.create({
    email: owner,
    calendarId: workCalendar(google),
    event: {
      summary: '\u200b',
      description: 'Click here to join<https://teams.example.com/l/abc>\nAnn <ann@x.example>',
      start: { dateTime: at(first, '18:00'), timeZone: zone },
      end: { dateTime: at(last, '08:00'), timeZone: zone },
    },
  })
  const untitled = page.locator('[data-google-event-id]', { hasText: '(No title)' })
  const days = ['from 6 pm', 'all day', 'all day', 'until 8 am']

  const dates = `${longDate(at(first, '18:00'), zone)} 6:00 pm to ${longDate(at(last, '08:00'), zone)} 8:00 am`
  expect(dates).toMatch(/^Wednesday .* to Saturday /)
  const nameWith = (times: string) => `(No title), ${times}${dates}, locked: a Google event`

  for (const view of ['list', 'day', 'team'])
    await test.step(`the name on each day of the ${view} view`, async () => {
      for (const [at, times] of days.entries()) {
        await openCalendar(page, app, `?view=${view}&date=${first.add({ days: at })}`)
        await expect(untitled.first()).toHaveAccessibleName(nameWith(`${times}, `))
        if (view === 'list') await expect(untitled.first().locator('.event-time')).toHaveText(times)
      }
    })
  await test.step('the names in the week view and in the month view', async () => {
    await openCalendar(page, app, `?view=week&date=${first}`)
    await expect(untitled).toHaveCount(days.length)
    for (const [at, times] of days.entries())
      await expect(untitled.nth(at)).toHaveAccessibleName(nameWith(`${times}, `))
    await openCalendar(page, app, `?view=month&date=${first}`)
    // Several parts, if "+2 more" stands for some of its days.
    await expect(page.getByRole('button', { name: nameWith(''), exact: true }).first()).toBeVisible()
  })
  await openCalendar(page, app, `?view=list&date=${first}`)
  await expect(untitled.locator('.event-time')).toHaveText(days)

  await test.step('its description', async () => {
    await untitled.first().click()
    const details = page.getByRole('dialog', { name: '(No title)' })
    await expect(details).toContainText('Click here to join<https://teams.example.com/l/abc>')
    await expect(details).toContainText('Ann <ann@x.example>')
    const link = details.getByRole('link', { name: 'https://teams.example.com/l/abc' })
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer')
    await axe(page)
  })
})
