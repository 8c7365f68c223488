import { expect, type Page } from '@playwright/test'
import type { Google } from '../../emulator/server.ts'

export const owner = 'olive@harbourplumbing.example'
export const staff = 'mia@harbourplumbing.example'

/** Google's id of the sample owner's calendar that tests link. */
export const workCalendar = (google: Google): string => {
  const found = google.person.calendars(owner).find((calendar) => calendar.summary === 'Work')
  if (!found) throw new Error('The sample data has no calendar "Work".')
  return found.id
}

export const businessCalendar = (page: Page) => page.getByRole('region', { name: 'Business calendar' })
export const myCalendar = (page: Page) => page.getByRole('region', { name: 'My calendar' })

/** From Settings to Google's consent page, by default to link the calendar of the business. */
export const goToConsent = async (
  page: Page,
  url: string,
  { email = owner, region = businessCalendar }: { email?: string; region?: typeof businessCalendar } = {},
) => {
  await page.goto(`${url}/settings/calendar`)
  await region(page).getByRole('button', { name: 'Link Calendar' }).click()
  await region(page).getByRole('menuitem', { name: 'Connect to Google' }).click()
  await page.getByRole('button', { name: email }).click()
  await page.getByRole('checkbox', { name: 'Select all' }).waitFor()
}

export const allowAll = async (page: Page) => {
  await page.getByRole('checkbox', { name: 'Select all' }).check()
  await page.getByRole('button', { name: /^(Continue|Allow)$/ }).click()
}

/** Links the sample owner's account, chooses "Work", and waits until it is synced. */
export const linkWork = async (page: Page, url: string) => {
  await goToConsent(page, url)
  await allowAll(page)
  await page.getByRole('radio', { name: 'Work' }).check()
  await businessCalendar(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Synchronization is active')).toBeVisible()
  await expect(page.getByRole('main').getByText(/^Up to date ·/)).toBeVisible({ timeout: 20_000 })
}

/** The Google event of an appointment. */
export const mappingOf = (google: Google, appointmentId: string) =>
  google.person
    .instances({
      email: owner,
      calendarId: workCalendar(google),
      timeMin: '2026-01-01T00:00:00Z',
      timeMax: '2030-01-01T00:00:00Z',
    })
    .find((event) => event.extendedProperties?.private?.sophiieAppointmentId === appointmentId)
