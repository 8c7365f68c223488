import { expect } from '@playwright/test'
import type { Google } from '../../emulator/server.ts'
import { control } from '../../emulator/testing.ts'
import type { Fixtures } from '../fixtures/fixtures.ts'
import { type Action, builtActions, callAction } from './actions.ts'
import { sessionOf } from './calendar.ts'
import { owner, workCalendar } from './steps.ts'

type App = Fixtures['app']

/** Like `linkWork`, over HTTP without a page: for tests that need a linked account only. */
export const linkedWork = async (app: App, google: Google): Promise<void> => {
  const { name, value } = await sessionOf(app, owner)
  const session = `${name}=${value}`
  const left = await visit(`${app.url}/api/google/link`, session)
  const answer = await control(google.url, 'authorize', {
    body: { url: left.headers.get('location'), email: owner },
  })
  const stateCookies = left.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
  const back = await visit((answer as { location: string }).location, [session, ...stateCookies].join('; '))
  expect(back.headers.get('location')).toContain('/settings/calendar')
  const save = builtActions().get('connection#saveCalendar') as Action
  const saved = await callAction({ url: app.url, cookie: session }, save, [{ calendarId: workCalendar(google) }])
  expect(saved.value).toMatchObject({ ok: true })
  await expect.poll(() => isInStep(app), { timeout: 20_000 }).toBe(true)
}

const visit = (url: string, cookie: string) => fetch(url, { redirect: 'manual', headers: { cookie } })

const isInStep = async ({ sql }: App): Promise<boolean> => {
  const [row] = await sql<{ done: boolean }[]>`
    select c.imported_at is not null and c.last_success_at is not null and m.requested = m.processed as done
    from synced_calendars c join sync_requests m on m.synced_calendar_id = c.id`
  return row?.done === true
}
