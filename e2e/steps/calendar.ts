import { randomUUID } from 'node:crypto'
import { type BrowserContext, expect, type Locator, type Page, type Request } from '@playwright/test'
import { encode } from 'next-auth/jwt'
import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import { connect } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import type { ChangeAnswer } from '#lib/appointments/actions.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import type { AppointmentFields } from '#lib/appointments/schema.ts'
import type { Fixtures } from '../fixtures/fixtures.ts'
import { owner } from './steps.ts'

export const zone = 'Australia/Sydney'

type App = Fixtures['app']

/** Sets the session cookie; other tests cover signing in. */
export const sessionOf = async (app: App, email: string) => {
  const [user] = await app.sql<{ id: string; version: number }[]>`
    select id, session_version as version from users where email = ${email}`
  const token = { userId: user?.id, sessionVersion: user?.version }
  const value = await encode({ token, secret: app.secrets.NEXTAUTH_SECRET })
  return { name: 'next-auth.session-token', value, url: app.url, httpOnly: true, sameSite: 'Lax' as const }
}

export const enter = async (context: BrowserContext, { app, email }: { app: App; email: string }) =>
  context.addCookies([await sessionOf(app, email)])

export const memberId = async (app: App, name: string): Promise<string> => {
  const [member] = await app.sql<{ id: string }[]>`select id from members where name = ${name}`
  return member?.id ?? ''
}

/** The Sunday after next: the sample data has no appointments there. */
export const quietDay = () => {
  const today = Temporal.Now.plainDateISO(zone)
  return today.add({ days: 14 - today.dayOfWeek })
}

export const at = (day: Temporal.PlainDate, plainTime: string) =>
  day.toZonedDateTime({ timeZone: zone, plainTime }).toInstant().toString()

export type Booking = { title: string; start: string; end: string } & Partial<AppointmentFields>

/**
 * Books through the product's own transaction, without the browser; returns the appointment's id.
 */
export const book = async (app: App, given: Booking): Promise<string> => {
  const database = connect(app.databaseUrl, { max: 1 })
  try {
    const [member] = await database.sql<{ id: string; business: BusinessId }[]>`
      select id, business_id as business from members where role = 'owner' limit 1`
    if (!member) throw new Error('The sample has no owner.')
    const applied = await changeAppointmentRow(tenantDb(database, member.business), {
      businessId: member.business,
      member: { id: member.id, role: 'owner' },
      change: { kind: 'create', id: randomUUID(), fields: { ...empty, assigneeIds: [], ...given } },
      bookAnyway: true,
      googleUnchecked: false,
    })
    if (!applied.ok) throw new Error(applied.message)
    return applied.row.id
  } finally {
    await database.close()
  }
}

/** Stored start and end in wall time of the business: `2026-11-23T09:00 to …`. */
export const storedTimes = async (app: App, id: string): Promise<string> => {
  const [row] = await app.sql<{ starts: Date; ends: Date }[]>`
    select starts_at as starts, ends_at as ends from appointments where id = ${id}`
  const wallTime = (time: Date | undefined) =>
    Temporal.Instant.fromEpochMilliseconds(time?.getTime() ?? 0)
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' })
  return `${wallTime(row?.starts)} to ${wallTime(row?.ends)}`
}

export const openCalendar = async (page: Page, app: App, query = '') => {
  const read = page.waitForResponse(/\/api\/calendar\?/)
  await page.goto(`${app.url}/calendar${query}`)
  await read
  await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0)
}

/** The label of a day's column. */
export const spoken = (day: Temporal.PlainDate) => day.toLocaleString('en-AU', { dateStyle: 'long' })

export const shown = (page: Page, id: string) => page.locator(`[data-appointment-id="${id}"]`).first()

/** Scrolls the hours into view; returns pixels per hour and the position of midnight. */
export const clockOf = async (page: Page) => {
  const top = async (text: string) => {
    const box = await page.getByText(text, { exact: true }).first().boundingBox()
    if (!box) throw new Error(`No label ${text}.`)
    return box.y + box.height / 2
  }
  const [nine, ten] = [await top('9 am'), await top('10 am')]
  const hour = ten - nine
  return { hour, y: (time: number) => nine + (time - 9) * hour }
}

export const drag = async (
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
  during?: () => Promise<void>,
) => {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await during?.()
  await page.mouse.up()
}

/** A touch, as pointer and touch events. */
export const fingerOf = async (page: Page) => {
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points })
  return {
    down: (x: number, y: number) => touch('touchStart', [{ x, y }]),
    move: (x: number, y: number) => touch('touchMove', [{ x, y }]),
    up: () => touch('touchEnd', []),
  }
}

export const boxOf = async (element: Locator) => {
  await element.scrollIntoViewIfNeeded()
  const box = await element.boundingBox()
  if (!box) throw new Error('The element has no box on the page.')
  return box
}

/** Saves through the form, and returns the browser's request. */
export const savedRequest = async (page: Page, title: string): Promise<Request> => {
  await page.keyboard.press('n')
  const form = page.getByRole('dialog')
  await form.getByLabel('Title').fill(title)
  await form.getByLabel('Start').fill('18:00')
  const sent = page.waitForRequest((request) => request.headers()['next-action'] !== undefined)
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form).toBeHidden()
  return sent
}

/** Calls a server action like the browser, with a session and arbitrary arguments. */
export const caller = async (app: App, request: Request, email = owner) => {
  const { name, value } = await sessionOf(app, email)
  const { 'next-action': action = '', 'content-type': type = '', accept = '' } = request.headers()
  const headers = { 'next-action': action, 'content-type': type, accept, cookie: `${name}=${value}` }
  return async (...args: unknown[]) => {
    const answer = await fetch(request.url(), {
      method: 'POST',
      headers: { ...headers, origin: app.url },
      body: JSON.stringify(args),
    })
    return { status: answer.status, answer: answerIn(await answer.text()) }
  }
}

/** The row of the response stream with the action's result. */
const answerIn = (text: string): ChangeAnswer => {
  const row = text.split('\n').find((line) => /^\d+:\{"ok":/.test(line)) ?? ''
  return JSON.parse(row.slice(row.indexOf(':') + 1) || '{"ok":false,"code":"no answer"}')
}

export const empty = { location: '', notes: '', customerName: '', customerPhone: '', customerEmail: '' }
