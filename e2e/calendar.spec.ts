import { devices, type Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'
import {
  at,
  book,
  boxOf,
  caller,
  clockOf,
  drag,
  enter,
  memberId,
  openCalendar,
  quietDay,
  savedRequest,
  shown,
  storedTimes,
  zone,
} from './calendar-steps.ts'
import { expect, test } from './fixtures.ts'
import { linkWork, owner, workCalendar } from './steps.ts'

const spoken = (day: Temporal.PlainDate) => day.toLocaleString('en-AU', { dateStyle: 'long' })

const staff = 'mia@harbourplumbing.example'

test('drawn on empty time, it opens the form with that time; the focus ends on what was booked', async ({
  page,
  app,
  axe,
}) => {
  const day = quietDay().subtract({ days: 1 })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  await axe(page)
  const clock = await clockOf(page)
  const column = await boxOf(page.getByRole('columnheader', { name: spoken(day) }))
  const x = column.x + column.width / 2
  await drag(page, { x, y: clock.y(9) + 3 }, { x, y: clock.y(10.5) - 3 }, async () => {
    await expect(page.getByText('9:00 – 10:30 am')).toBeVisible()
  })
  const form = page.getByRole('dialog', { name: 'New appointment' })
  await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.toString())
  await expect(form.getByLabel('Start')).toHaveValue('09:00')
  await expect(form.getByLabel('End', { exact: true })).toHaveValue('10:30')
  await expect(form.getByLabel('Title')).toBeFocused()

  await test.step('an empty title is an error at its field, and what was typed asks before it goes', async () => {
    await form.getByLabel('Notes').fill('Ring twice')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByLabel('Title')).toBeFocused()
    await expect(form.getByLabel('Title')).toHaveAccessibleDescription('Give the appointment a title.')
    await axe(page)
    await page.keyboard.press('Escape')
    await form.getByRole('alertdialog').getByRole('button', { name: 'Keep editing' }).click()
    await expect(form.getByLabel('Notes')).toHaveValue('Ring twice')
  })
  await form.getByLabel('Title').fill('Leaking tap')
  await form.getByRole('button', { name: '1 h 30 min' }).click()
  await form.getByRole('button', { name: 'Save' }).click()
  const booked = page.locator('[data-appointment-id]', { hasText: 'Leaking tap' }).first()
  await expect(booked).toBeFocused()

  await test.step('dragged to another hour, with Undo', async () => {
    const id = (await booked.getAttribute('data-appointment-id')) ?? ''
    const box = await boxOf(booked)
    const from = { x: box.x + 30, y: box.y + 10 }
    await drag(page, from, { x: from.x, y: from.y + clock.hour * 2 - 6 }, async () => {
      await expect(page.getByText('11:00 am – 12:30 pm').first()).toBeVisible()
    })
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T11:00 to ${day}T12:30`)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:30`)
  })
})

test('a drag goes on while what is drawn changes; what came meanwhile stands afterwards', async ({
  page,
  app,
}) => {
  const day = quietDay().subtract({ days: 8 })
  const id = await book(app, { title: 'Dragged', start: at(day, '09:00'), end: at(day, '10:00') })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  const clock = await clockOf(page)
  const box = await boxOf(shown(page, id))
  const from = { x: box.x + 30, y: box.y + 10 }
  await drag(page, from, { x: from.x, y: from.y + clock.hour * 2 - 6 }, async () => {
    const told = page.waitForResponse(/\/api\/calendar\?/)
    await book(app, { title: 'Meanwhile', start: at(day, '09:00'), end: at(day, '10:00') })
    await (await told).finished()
    await expect(page.getByText('11:00 am – 12:00 pm').first()).toBeVisible()
  })
  await expect.poll(() => storedTimes(app, id)).toBe(`${day}T11:00 to ${day}T12:00`)
  await expect(page.locator('[data-appointment-id]', { hasText: 'Meanwhile' })).toBeVisible()
})

test('by keyboard alone: book, open, move, resize, cancel and undo', async ({ page, app }) => {
  const day = quietDay()
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await enter(page.context(), { app, email: staff })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toContainText('Move it by a day')
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  const form = page.getByRole('dialog')
  await expect(form.getByLabel('Title')).toBeFocused()
  const motion = await form.evaluate((element) => getComputedStyle(element).animationDuration)
  expect(Number.parseFloat(motion)).toBeLessThan(0.001)
  await page.keyboard.type('Typed only')
  await page.keyboard.press('Enter')
  await expect(form).toBeHidden()
  const booked = page.locator('[data-appointment-id]', { hasText: 'Typed only' }).first()
  await expect(booked).toBeFocused()
  const id = (await booked.getAttribute('data-appointment-id')) ?? ''
  await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:00`)

  const steps: [keys: string, times: string][] = [
    ['Alt+ArrowDown', `${day}T09:15 to ${day}T10:15`],
    ['Alt+Shift+ArrowDown', `${day}T09:15 to ${day}T10:30`],
    ['Alt+ArrowLeft', `${day.subtract({ days: 1 })}T09:15 to ${day.subtract({ days: 1 })}T10:30`],
  ]
  for (const [keys, times] of steps) {
    await page.keyboard.press(keys)
    await expect.poll(() => storedTimes(app, id)).toBe(times)
    await expect(shown(page, id)).toBeFocused()
  }
  await test.step('opened and closed, the focus is back where it was', async () => {
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog', { name: 'Appointment' })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(shown(page, id)).toBeFocused()
  })
  await page.keyboard.press('Enter')
  await form.getByRole('button', { name: 'Cancel appointment' }).press('Enter')
  await expect(shown(page, id)).toHaveCount(0)
  // One only: what undid the moves before it is gone with them.
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(shown(page, id)).toBeVisible()
})

test('resized across midnight and across both changes of daylight saving, wall time is what is drawn', async ({
  page,
  app,
}) => {
  await page.setViewportSize({ width: 1280, height: 1600 })
  await enter(page.context(), { app, email: owner })
  const now = Temporal.Now.zonedDateTimeISO(zone)
  const first = now.getTimeZoneTransition('next')
  const second = first?.getTimeZoneTransition('next')
  for (const change of [first, second]) {
    if (!change) throw new Error('Sydney has no daylight saving any more.')
    const eve = change.toPlainDate().subtract({ days: 1 })
    const id = await book(app, { title: 'Night shift', start: at(eve, '21:00'), end: at(eve, '22:00') })
    // From Saturday into Sunday, which is the last column; the whole day is in sight.
    await openCalendar(page, app, `?view=week&date=${eve}`)
    const clock = await clockOf(page)
    const box = await boxOf(shown(page, id))
    const sunday = await boxOf(page.getByRole('columnheader', { name: spoken(eve.add({ days: 1 })) }))
    const edge = { x: box.x + box.width / 2, y: box.y + box.height - 1 }
    await page.mouse.move(edge.x, edge.y)
    await drag(page, edge, { x: sunday.x + sunday.width / 2, y: clock.y(4) - 1 }, async () => {
      await expect(page.getByText('9:00 pm – 4:00 am').first()).toBeVisible()
    })
    await expect.poll(() => storedTimes(app, id)).toBe(`${eve}T21:00 to ${eve.add({ days: 1 })}T04:00`)
  }
})

test('dragged in the month over a change of daylight saving, it keeps its time of day', async ({
  page,
  app,
}) => {
  const change = Temporal.Now.zonedDateTimeISO(zone).getTimeZoneTransition('next')
  if (!change) throw new Error('Sydney has no daylight saving any more.')
  const [before, after] = [change.toPlainDate().subtract({ days: 2 }), change.toPlainDate().add({ days: 2 })]
  const id = await book(app, { title: 'Same hour', start: at(before, '09:30'), end: at(before, '10:30') })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=month&date=${change.toPlainDate()}`)
  const box = await boxOf(shown(page, id))
  const target = await boxOf(page.locator(`[data-date="${after}"]`).first())
  await drag(
    page,
    { x: box.x + 20, y: box.y + 8 },
    { x: target.x + target.width / 2, y: target.y + target.height / 2 },
  )
  await expect.poll(() => storedTimes(app, id)).toBe(`${after}T09:30 to ${after}T10:30`)
})

test('changes by others come live; one made meanwhile is a question, and nothing is overwritten', async ({
  page,
  app,
  browser,
  allowConsole,
}) => {
  allowConsole(/ERR_FAILED.*\/api\//)
  const day = quietDay()
  const id = await book(app, { title: 'Shared', start: at(day, '09:00'), end: at(day, '10:00') })
  await enter(page.context(), { app, email: owner })
  const other = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await enter(other, { app, email: staff })
  const theirs = await other.newPage()
  await openCalendar(page, app, `?date=${day}`)
  await openCalendar(theirs, app, `?date=${day}`)
  await shown(theirs, id).focus()
  await theirs.keyboard.press('Alt+ArrowDown')
  await expect(shown(page, id)).toHaveAccessibleName(/9:15 am to 10:15 am/)

  await test.step('one page hears nothing for a while', async () => {
    await page.route(/\/api\/live/, (route) => route.abort())
    await page.reload()
    await expect(shown(page, id)).toHaveAccessibleName(/9:15 am to 10:15 am/)
    await page.route(/\/api\/calendar/, (route) => route.abort())
    await shown(theirs, id).focus()
    await theirs.keyboard.press('Alt+ArrowDown')
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:30 to ${day}T10:30`)
    await shown(page, id).focus()
    await page.keyboard.press('Alt+ArrowUp')
    const question = page.getByRole('dialog', { name: 'Changed meanwhile' })
    await expect(question).toContainText(/It is now “Shared”, .*9:30 – 10:30 am/)
    await question.getByRole('button', { name: /^Move it to .*9:00 – 10:00 am/ }).click()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:00`)
  })
  await other.close()
})

test('offline, reloaded or signed out, what was done is kept and sent afterwards', async ({
  page,
  app,
  signInAs,
  allowConsole,
}) => {
  allowConsole(/Failed to load resource/, /Failed to fetch/, /ERR_/)
  const day = quietDay()
  const id = await book(app, { title: 'Kept', start: at(day, '09:00'), end: at(day, '10:00') })
  await signInAs(page, owner)
  await openCalendar(page, app, `?view=week&date=${day}`)

  await test.step('offline: on the screen at once, sent when back', async () => {
    await page.context().setOffline(true)
    await expect(page.getByText('You are offline.')).toBeVisible()
    await shown(page, id).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect(shown(page, id)).toHaveAccessibleName(/9:15 am to 10:15 am/)
    await expect(page.getByText('One change is kept')).toBeVisible()
    expect(await storedTimes(app, id)).toBe(`${day}T09:00 to ${day}T10:00`)
    await page.context().setOffline(false)
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:15 to ${day}T10:15`)
    await expect(page.getByText('You are offline.')).toBeHidden()
  })

  await test.step('a page that is closed leaves it to the next', async () => {
    const cut = (url: URL) => url.pathname === '/calendar'
    await page.route(cut, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
    await shown(page, id).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await expect(page.getByText('The calendar cannot be reached.')).toBeVisible()
    await page.unroute(cut)
    await page.reload()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T09:30 to ${day}T10:30`)
    await expect(shown(page, id)).toHaveAccessibleName(/9:30 am to 10:30 am/)
  })

  await test.step('a session that ended: says so, signs in, comes back to the same week and goes on', async () => {
    await page.keyboard.press('n')
    const form = page.getByRole('dialog')
    await form.getByLabel('Title').fill('Typed while signed out')
    // As "Sign out everywhere" does: an answer on its way would renew a cookie that was only thrown away.
    await app.sql`update users set session_epoch = session_epoch + 1 where email = ${owner}`
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Continue with Google' }).click()
    await page.getByRole('button', { name: owner }).click()
    await page.waitForURL(`${app.url}/calendar?view=week&date=${day}`)
    await expect(page.locator('[data-appointment-id]', { hasText: 'Typed while signed out' })).toBeVisible()
    const rows = () => app.sql`select from appointments where title = 'Typed while signed out'`
    await expect.poll(async () => (await rows()).length).toBe(1)
  })

  await test.step('refused when sent at last, it is shown with what was typed', async () => {
    const assigneeIds = [await memberId(app, 'Mia Chen')]
    await page.context().setOffline(true)
    await page.keyboard.press('n')
    const form = page.getByRole('dialog')
    await form.getByLabel('Title').fill('Second at eleven')
    await form.getByLabel('Start').fill('11:00')
    await form.getByRole('checkbox', { name: 'Mia Chen' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form).toBeHidden()
    await book(app, { title: 'First at eleven', start: at(day, '11:00'), end: at(day, '12:00'), assigneeIds })
    await page.context().setOffline(false)
    await expect(form.getByRole('alert')).toContainText('First at eleven')
    await expect(form.getByLabel('Title')).toHaveValue('Second at eleven')
  })
})

test('looked at from elsewhere, times are those of the business, and it says so', async ({
  browser,
  app,
}) => {
  const day = quietDay()
  const id = await book(app, { title: 'Sydney time', start: at(day, '09:00'), end: at(day, '10:00') })
  const context = await browser.newContext({ timezoneId: 'Europe/Lisbon', locale: 'pt-PT' })
  await enter(context, { app, email: owner })
  const page = await context.newPage()
  await openCalendar(page, app, `?view=day&date=${day}`)
  await expect(page.getByText('Times are in Sydney time; you are in Lisbon.')).toBeVisible()
  await expect(shown(page, id)).toHaveAccessibleName(/9:00 am to 10:00 am/)
  await context.close()
})

test('two thousand events in a month: all counted, and the page answers at once', async ({ page, app }) => {
  const day = quietDay()
  const month = day.with({ day: 1 })
  const [business] = await app.sql`select id from businesses limit 1`
  await app.sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    select ${business?.id}, 'Visit ' || n, ${at(month, '06:00')}::timestamptz + n * interval '20 minutes',
      ${at(month, '06:00')}::timestamptz + (n + 2) * interval '20 minutes'
    from generate_series(1, 2000) n`
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=month&date=${day}`)
  await expect(page.getByRole('button', { name: /^\+?\d+ more/ }).first()).toBeVisible()
  const opened = await page.evaluate(async () => {
    const begun = performance.now()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))
    while (!document.querySelector('dialog[open] [name=title]'))
      await new Promise((next) => requestAnimationFrame(next))
    return performance.now() - begun
  })
  expect(opened).toBeLessThan(2000)
})

test('what Google owns is locked to mouse, keyboard and forged requests, says why, and clashes come and go with it', async ({
  page,
  app,
  google,
  signInAs,
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
  await signInAs(page, owner)
  await linkWork(page, app.url)
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
  await expect(locked).toHaveAccessibleName(
    /Walk with the dog, .*9:00 am to 10:00 am, locked: a Google event/,
  )
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

  await test.step('a clash that comes from Google is flagged and counted, and gone when it is solved', async () => {
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
    google.person.remove({ email: owner, calendarId, eventId: over.id ?? '' })
    await expect(page.getByText('One appointment clashes.')).toBeHidden()
  })

  await test.step('while the first import runs, the page says how far it is', async () => {
    await app.sql`update google_connections set imported_at = null, imported_count = 1234`
    await page.reload()
    await expect(page.getByText('Importing from Google: 1,234 events so far.')).toBeVisible()
  })
})

/** A finger, as the browser hears of it. */
const fingerOf = async (page: Page) => {
  const session = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points })
  return {
    down: (x: number, y: number) => touch('touchStart', [{ x, y }]),
    move: (x: number, y: number) => touch('touchMove', [{ x, y }]),
    up: () => touch('touchEnd', []),
  }
}

test('on a phone: the day, a form as a sheet, and a finger that holds, moves and resizes', async ({
  browser,
  app,
  axe,
}) => {
  const day = quietDay()
  const id = await book(app, { title: 'By hand', start: at(day, '09:00'), end: at(day, '10:00') })
  const context = await browser.newContext({ ...devices['Pixel 7'], timezoneId: zone })
  await enter(context, { app, email: staff })
  const page = await context.newPage()
  await openCalendar(page, app, `?date=${day}`)
  await expect(page.getByRole('button', { name: 'Day', pressed: true })).toBeVisible()
  await axe(page)
  const finger = await fingerOf(page)
  const { hour } = await clockOf(page)
  const event = shown(page, id)

  await test.step('held, it follows the finger', async () => {
    const box = await boxOf(event)
    const [x, y] = [box.x + 60, box.y + 20]
    await finger.down(x, y)
    await expect(page.locator('.cal-dragged').first()).toBeAttached()
    for (const part of [0.3, 0.7, 1]) await finger.move(x, y + hour * part)
    await finger.up()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T10:00 to ${day}T11:00`)
  })

  await test.step('its lower edge follows too', async () => {
    const box = await boxOf(event)
    if ((await page.locator('.cal-selected').count()) === 0) {
      await finger.down(box.x + 60, box.y + 20)
      await expect(page.locator('.cal-selected').first()).toBeVisible()
      await finger.up()
    }
    const edge = await boxOf(page.locator('.cal-selected .cal-grip-end').first())
    const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2]
    await finger.down(x, y)
    for (const part of [0.3, 0.7, 1]) await finger.move(x, y + hour * part)
    await finger.up()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T10:00 to ${day}T12:00`)
  })

  await test.step('New keeps the day one looks at', async () => {
    await page.getByRole('link', { name: 'New' }).tap()
    const form = page.getByRole('dialog', { name: 'New appointment' })
    await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.toString())
    await axe(page)
    const sheet = await boxOf(form)
    expect(Math.round(sheet.y + sheet.height)).toBe(page.viewportSize()?.height)
    await form.getByRole('button', { name: 'Close' }).tap()
    expect(new URL(page.url()).searchParams.get('date')).toBe(day.toString())
  })
  await context.close()
})

test('every view is accessible in the dark, and states of nothing, of loading and of failing are told', async ({
  page,
  app,
  axe,
  allowConsole,
}) => {
  allowConsole(/Failed to load resource/)
  await page.emulateMedia({ colorScheme: 'dark' })
  await enter(page.context(), { app, email: owner })
  for (const view of ['month', 'list', 'day']) {
    await openCalendar(page, app, `?view=${view}`)
    await axe(page)
  }
  await test.step('nothing there', async () => {
    await openCalendar(page, app, '?view=list&date=2035-01-01')
    await expect(page.getByText('Nothing here yet.')).toBeVisible()
    await axe(page)
  })
  await test.step('on its way', async () => {
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    await page.route('**/api/calendar?*', async (route) => held.then(() => route.continue()))
    await page.getByRole('button', { name: 'Next' }).click()
    await expect(page.getByText('Loading appointments')).toBeVisible()
    answer()
    await expect(page.getByText('Loading appointments')).toBeHidden()
    await page.unroute('**/api/calendar?*')
  })
  await test.step('out of reach', async () => {
    await page.route('**/api/calendar?*', (route) =>
      route.fulfill({ status: 400, json: { code: 'invalid', message: 'No.' } }),
    )
    await page.getByRole('button', { name: 'Next' }).click()
    const failed = page.getByRole('alert').filter({ hasText: 'could not be read' })
    await expect(failed).toBeVisible()
    await axe(page)
    await page.unroute('**/api/calendar?*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(failed).toHaveCount(0)
  })
})
