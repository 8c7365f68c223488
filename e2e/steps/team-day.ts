import type { Page } from '@playwright/test'
import type { Fixtures } from '../fixtures/fixtures.ts'
import { storedTimes } from './calendar.ts'

type App = Fixtures['app']

export const columnOf = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

export const eventIn = (page: Page, column: string, title: string) =>
  columnOf(page, column).getByRole('button', { name: new RegExp(`^${title},`) })

export const assigneesOf = async ({ sql }: App, id: string): Promise<string> => {
  const rows = await sql<{ name: string }[]>`
    select name from appointment_assignees join members on members.id = member_id
    where appointment_id = ${id} order by name`
  return rows.map(({ name }) => name).join(', ')
}

export const storedPlace = async (app: App, id: string) => `${await assigneesOf(app, id)} ${await storedTimes(app, id)}`

/** What was done to an appointment after it was booked. */
export const activityOf = async ({ sql }: App, id: string): Promise<string[]> => {
  const rows = await sql<{ what: string }[]>`
    select what from activity where appointment_id = ${id} and what <> 'appointment.booked' order by id`
  return rows.map(({ what }) => what)
}

/** Pixels per hour, and the middle of each column. */
export const gridOf = async (page: Page) => {
  const heightOf = (element: Element) => (element as HTMLElement).offsetHeight
  const hour = (await page.locator('[data-column-body]').first().evaluate(heightOf)) / 24
  /** Without scrolling to it: the heading is always in view. */
  const middleOf = async (name: string) => {
    const box = await columnOf(page, name).boundingBox()
    if (!box) throw new Error(`No column ${name}.`)
    return box.x + box.width / 2
  }
  return { hour, middleOf }
}
