import type { Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'
import { expect, type Fixtures, test } from '../fixtures/fixtures.ts'
import { businessCalendar, linkWork, mappingOf, owner, workCalendar } from './steps.ts'

const zone = 'Australia/Sydney'

/** The Sunday after next: the sample data has no appointments there. */
const quietDay = () => {
  const today = Temporal.Now.plainDateISO(zone)
  return today.add({ days: 14 - today.dayOfWeek })
}

/** The main job from sign-in to unlink, for every mode of the system under test. */
export const mainJob = async ({
  page,
  app,
  google,
  signInAs,
}: Pick<Fixtures, 'app' | 'google' | 'signInAs'> & { page: Page }) => {
  const day = quietDay()
  const calendarId = workCalendar(google)
  await signInAs(page, owner)
  await linkWork(page, app.url)

  await page.goto(`${app.url}/calendar?view=week&date=${day}`)
  await page.getByRole('button', { name: 'New appointment' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Title').fill('Hot water service')
  await form.getByLabel('Date', { exact: true }).fill(day.toString())
  await form.getByLabel('Start').fill('09:00')
  await form.getByLabel('End', { exact: true }).fill('10:30')
  await form.getByLabel('Location').fill('12 Pittwater Rd, Manly')
  await form.getByLabel('Customer name').fill('K. Ng')
  await form.getByLabel('Notes').fill('Gate code 4411')
  await form.getByRole('checkbox', { name: 'Mia Chen' }).check()
  await form.getByRole('button', { name: 'Save' }).click()
  const booked = page.locator('[data-appointment-id]', { hasText: 'Hot water service' }).last()
  await expect(booked).toBeVisible()
  const id = (await booked.getAttribute('data-appointment-id')) ?? ''

  await expect.poll(() => mappingOf(google, id)).toBeTruthy()
  const event = mappingOf(google, id)
  expect(event).toMatchObject({
    summary: 'Hot water service',
    location: '12 Pittwater Rd, Manly',
    start: { timeZone: zone },
    extendedProperties: { private: { sophiieAppointmentId: id } },
  })
  expect(instant(event?.start?.dateTime)).toBe(at(day, '09:00'))
  expect(instant(event?.end?.dateTime)).toBe(at(day, '10:30'))
  expect(event?.attendees?.map((guest) => guest.email)).toEqual(['mia@harbourplumbing.example'])
  expect(event?.description).toContain('K. Ng')
  expect(event?.description).toContain('Gate code 4411')
  expect(event?.description).toContain(`${app.url}/calendar?appointment=${id}`)
  await expect(booked).toHaveAccessibleName(/in Google/i)

  await test.step('moved by drag, and the event moves in Google', async () => {
    // The echo from Google has been processed, so nothing is rendered again during the drag.
    await expect
      .poll(async () => (await app.sql`select bool_and(processed >= requested) as quiet from sync_requests`)[0]?.quiet)
      .toBe(true)
    const box = await booked.boundingBox()
    if (!box) throw new Error('The appointment has no box on the page.')
    await page.mouse.move(box.x + box.width / 2, box.y + 12)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + 12 + box.height / 3, { steps: 5 })
    await page.mouse.move(box.x + box.width / 2, box.y + 12 + (box.height * 2) / 3, { steps: 5 })
    await page.mouse.up()
    await expect.poll(() => instant(mappingOf(google, id)?.start?.dateTime)).toBe(at(day, '10:00'))
    expect(instant(mappingOf(google, id)?.end?.dateTime)).toBe(at(day, '11:30'))
  })

  await test.step('an event made in Google appears locked, without reload', async () => {
    google.person.create({
      email: owner,
      calendarId,
      event: {
        summary: 'Walk with the dog',
        start: { dateTime: at(day, '14:00'), timeZone: zone },
        end: { dateTime: at(day, '15:00'), timeZone: zone },
      },
    })
    const locked = page.locator('[data-google-event-id]', { hasText: 'Walk with the dog' }).last()
    await expect(locked).toBeVisible()
    await expect(locked).toHaveAccessibleName(/locked/i)
  })

  await test.step('cancelled, and removed in Google', async () => {
    await booked.click()
    await page.getByRole('button', { name: 'Cancel appointment' }).click()
    await expect.poll(() => mappingOf(google, id)).toBeUndefined()
    await expect(page.locator(`[data-appointment-id="${id}"]`)).toHaveCount(0)
  })

  await test.step('unlinked: access revoked, events remain, locked events gone', async () => {
    const before = google.person.instances({
      email: owner,
      calendarId,
      timeMin: at(day, '00:00'),
      timeMax: at(day.add({ days: 1 }), '00:00'),
    })
    await page.goto(`${app.url}/settings/calendar`)
    await businessCalendar(page).getByRole('button', { name: 'Unlink Google' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink Google' }).click()
    await expect(businessCalendar(page).getByRole('button', { name: 'Link Calendar' })).toBeVisible()
    await expect
      .poll(() => google.world.log.since(0).some((entry) => entry.operation === 'oauth.revoke' && entry.status === 200))
      .toBe(true)
    expect(
      google.person.instances({
        email: owner,
        calendarId,
        timeMin: at(day, '00:00'),
        timeMax: at(day.add({ days: 1 }), '00:00'),
      }),
    ).toEqual(before)
    await page.goto(`${app.url}/calendar?view=week&date=${day}`)
    await expect(page.getByRole('button', { name: 'New appointment' })).toBeVisible()
    await expect(page.locator('[data-google-event-id]')).toHaveCount(0)
  })
}

const at = (day: Temporal.PlainDate, time: string) =>
  day.toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant().toString()

const instant = (text: string | null | undefined) => (text ? Temporal.Instant.from(text).toString() : null)
