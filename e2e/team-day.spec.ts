import { devices, type Page } from '@playwright/test'
import { Temporal } from 'temporal-polyfill'
import { expect, type Fixtures, test } from './fixtures/fixtures.ts'
import {
  at,
  book,
  boxOf,
  drag,
  enter,
  fingerOf,
  memberId,
  openCalendar,
  quietDay,
  storedTimes,
  zone,
} from './steps/calendar.ts'
import { linkedWork } from './steps/link.ts'
import { owner, staff, workCalendar } from './steps/steps.ts'

type App = Fixtures['app']

const columnOf = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

const eventIn = (page: Page, column: string, title: string) =>
  columnOf(page, column).getByRole('button', { name: new RegExp(`^${title},`) })

const assigneesOf = async ({ sql }: App, id: string): Promise<string> => {
  const rows = await sql<{ name: string }[]>`
    select name from appointment_assignees join members on members.id = member_id
    where appointment_id = ${id} order by name`
  return rows.map(({ name }) => name).join(', ')
}

const storedPlace = async (app: App, id: string) => `${await assigneesOf(app, id)} ${await storedTimes(app, id)}`

/** What was done to an appointment after it was booked. */
const activityOf = async ({ sql }: App, id: string): Promise<string[]> => {
  const rows = await sql<{ what: string }[]>`
    select what from activity where appointment_id = ${id} and what <> 'appointment.booked' order by id`
  return rows.map(({ what }) => what)
}

/** Pixels per hour, and the middle of each column. */
const gridOf = async (page: Page) => {
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

test('a drag to another column at another time is one change, undone as one', async ({ page, app }) => {
  const day = quietDay()
  const [mia, tom] = [await memberId(app, 'Mia Chen'), await memberId(app, 'Tom Okafor')]
  const span = { start: at(day, '09:00'), end: at(day, '10:30') }
  const id = await book(app, { title: 'Leaking tap', ...span, assigneeIds: [mia] })
  const other = { start: at(day, '13:00'), end: at(day, '14:00') }
  await book(app, { title: 'Boiler', ...other, assigneeIds: [tom] })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=team&date=${day}`)
  await expect(page.getByRole('region').getByRole('heading')).toHaveText([
    ...['Unassigned', 'Olive Harbour', 'Mia Chen', 'Ravi Patel', 'Tom Okafor'],
  ])
  const event = eventIn(page, 'Mia Chen', 'Leaking tap')
  await expect(event).toHaveAccessibleName(/9:00 am to 10:30 am, Mia Chen/)
  const { hour, middleOf } = await gridOf(page)
  const box = await boxOf(event)
  const from = { x: box.x + 30, y: box.y + 20 }
  const to = { x: await middleOf('Tom Okafor'), y: from.y + 1.25 * hour }

  await test.step('Escape ends the drag without a change', async () => {
    await drag(page, from, to, async () => {
      await expect(columnOf(page, 'Tom Okafor').getByText('10:15 – 11:45 am')).toBeVisible()
      await page.keyboard.press('Escape')
    })
    await expect(page.getByText('10:15 – 11:45 am')).toHaveCount(0)
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(event).toBeVisible()
  })
  const requests: string[] = []
  page.on('request', (request) => request.headers()['next-action'] && requests.push(request.postData() ?? ''))
  await drag(page, from, to)
  await expect(eventIn(page, 'Tom Okafor', 'Leaking tap')).toHaveAccessibleName(/10:15 am to 11:45 am, Tom Okafor/)
  await expect(event).toHaveCount(0)
  await expect.poll(() => storedPlace(app, id)).toBe(`Tom Okafor ${day}T10:15 to ${day}T11:45`)
  await expect(page.getByRole('status').getByText(/“Leaking tap” is now with Tom Okafor, .* 10:15/)).toBeVisible()
  expect(requests).toHaveLength(1)
  expect(await activityOf(app, id)).toEqual(['appointment.moved'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(event).toHaveAccessibleName(/9:00 am to 10:30 am, Mia Chen/)
  await expect.poll(() => storedPlace(app, id)).toBe(`Mia Chen ${day}T09:00 to ${day}T10:30`)
  expect(await activityOf(app, id)).toEqual(['appointment.moved', 'appointment.moved'])

  await test.step('down and up move it, and its lower edge resizes it', async () => {
    await drag(page, from, { x: from.x, y: from.y + hour })
    await expect.poll(() => storedPlace(app, id)).toBe(`Mia Chen ${day}T10:00 to ${day}T11:30`)
    const moved = await boxOf(event)
    const edge = { x: moved.x + 30, y: moved.y + moved.height - 3 }
    await drag(page, edge, { x: edge.x, y: edge.y - hour / 2 })
    await expect.poll(() => storedPlace(app, id)).toBe(`Mia Chen ${day}T10:00 to ${day}T11:00`)
  })

  await test.step('where a member is busy, it asks; the answer keeps the column', async () => {
    const now = await boxOf(event)
    const grip = { x: now.x + 30, y: now.y + 20 }
    const busy = { x: to.x, y: grip.y + 3 * hour }
    await drag(page, grip, busy)
    const clash = page.getByRole('dialog', { name: 'That time is taken' })
    await expect(clash).toContainText('Boiler')
    await clash.getByRole('button', { name: 'Leave it as it was' }).click()
    await expect(eventIn(page, 'Mia Chen', 'Leaking tap')).toHaveAccessibleName(/10:00 am to 11:00 am, Mia Chen/)
    await drag(page, grip, busy)
    await clash.getByRole('button', { name: 'Book anyway' }).click()
    await expect.poll(() => storedPlace(app, id)).toBe(`Tom Okafor ${day}T13:00 to ${day}T14:00`)
    await expect(page.getByText('2 appointments clash.')).toBeVisible()
  })
})

test('a drag continues while rows change; the changes are shown beside it', async ({ page, app }) => {
  const day = quietDay()
  const [mia, tom] = [await memberId(app, 'Mia Chen'), await memberId(app, 'Tom Okafor')]
  const span = { start: at(day, '09:00'), end: at(day, '10:00') }
  const id = await book(app, { title: 'Dragged', ...span, assigneeIds: [mia] })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=team&date=${day}`)
  const { middleOf } = await gridOf(page)
  const box = await boxOf(eventIn(page, 'Mia Chen', 'Dragged'))
  const from = { x: box.x + 30, y: box.y + 20 }
  await drag(page, from, { x: await middleOf('Ravi Patel'), y: from.y }, async () => {
    await book(app, { title: 'Live', ...span, assigneeIds: [tom] })
    await expect(eventIn(page, 'Tom Okafor', 'Live')).toBeVisible()
    await expect(page.locator('.cal-dragged')).toBeVisible()
  })
  await expect.poll(() => storedPlace(app, id)).toBe(`Ravi Patel ${day}T09:00 to ${day}T10:00`)
})

test('of several assignees only the one of the column is replaced; Unassigned takes and gives', async ({
  page,
  app,
}) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen'), await memberId(app, 'Tom Okafor')]
  const id = await book(app, { title: 'Two people', start: at(day, '09:00'), end: at(day, '10:30'), assigneeIds })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=team&date=${day}`)
  await expect(eventIn(page, 'Mia Chen', 'Two people')).toHaveAccessibleName(
    /Mia Chen, Tom Okafor|Tom Okafor, Mia Chen/,
  )
  await expect(eventIn(page, 'Tom Okafor', 'Two people')).toBeVisible()
  const { middleOf } = await gridOf(page)
  const dragTo = async (from: string, to: string) => {
    const box = await boxOf(eventIn(page, from, 'Two people'))
    await drag(page, { x: box.x + 30, y: box.y + 20 }, { x: await middleOf(to), y: box.y + 20 })
  }
  await dragTo('Mia Chen', 'Ravi Patel')
  await expect.poll(() => assigneesOf(app, id)).toBe('Ravi Patel, Tom Okafor')
  await expect(eventIn(page, 'Mia Chen', 'Two people')).toHaveCount(0)
  await dragTo('Ravi Patel', 'Unassigned')
  await expect.poll(() => assigneesOf(app, id)).toBe('Tom Okafor')
  await expect(eventIn(page, 'Unassigned', 'Two people')).toHaveCount(0)
  await dragTo('Tom Okafor', 'Unassigned')
  await expect.poll(() => assigneesOf(app, id)).toBe('')
  await expect(page.getByText(/“Two people” is now unassigned/)).toBeVisible()
  await dragTo('Unassigned', 'Mia Chen')
  await expect.poll(() => storedPlace(app, id)).toBe(`Mia Chen ${day}T09:00 to ${day}T10:30`)

  await test.step('the filter leaves its columns and Unassigned', async () => {
    await page.getByRole('button', { name: 'Mia', exact: true }).click()
    await expect(page.getByRole('region').getByRole('heading')).toHaveText(['Unassigned', 'Mia Chen'])
    await dragTo('Mia Chen', 'Unassigned')
    await expect(eventIn(page, 'Unassigned', 'Two people')).toBeVisible()
  })
})

test('opening, moving, resizing and reassigning work by keyboard alone', async ({ page, app, axe }) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const id = await book(app, { title: 'Typed', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  await enter(page.context(), { app, email: staff })
  await openCalendar(page, app, `?view=day&date=${day}`)
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keyboard' })
  await expect(keys).toContainText('Month, week, day, team, list')
  await expect(keys).toContainText('in the team view, to another member')
  await page.keyboard.press('Escape')
  await page.keyboard.press('t')
  await expect(page.getByRole('button', { name: 'Team', pressed: true })).toBeVisible()
  expect(new URL(page.url()).searchParams.get('view')).toBe('team')
  await eventIn(page, 'Mia Chen', 'Typed').focus()
  const steps: [keys: string, column: string, place: string][] = [
    ['Alt+ArrowDown', 'Mia Chen', `Mia Chen ${day}T09:15 to ${day}T10:15`],
    ['Alt+ArrowRight', 'Ravi Patel', `Ravi Patel ${day}T09:15 to ${day}T10:15`],
    ['Alt+Shift+ArrowDown', 'Ravi Patel', `Ravi Patel ${day}T09:15 to ${day}T10:30`],
    ['Alt+ArrowRight', 'Tom Okafor', `Tom Okafor ${day}T09:15 to ${day}T10:30`],
    // There is no column to the right.
    ['Alt+ArrowRight', 'Tom Okafor', `Tom Okafor ${day}T09:15 to ${day}T10:30`],
    ['Alt+ArrowLeft', 'Ravi Patel', `Ravi Patel ${day}T09:15 to ${day}T10:30`],
  ]
  for (const [pressed, column, place] of steps) {
    await page.keyboard.press(pressed)
    await expect(eventIn(page, column, 'Typed')).toBeFocused()
    await expect.poll(() => storedPlace(app, id)).toBe(place)
  }
  await axe(page)
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(eventIn(page, 'Tom Okafor', 'Typed')).toBeVisible()
  await eventIn(page, 'Tom Okafor', 'Typed').press('Enter')
  await expect(page.getByRole('dialog', { name: 'Appointment' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(eventIn(page, 'Tom Okafor', 'Typed')).toBeFocused()

  await test.step('a column has a button for its member, which keeps the hours in view', async () => {
    const nine = await boxOf(page.getByText('9 am', { exact: true }))
    await page.getByRole('button', { name: 'Book Tom Okafor' }).focus()
    expect(await boxOf(page.getByText('9 am', { exact: true }))).toEqual(nine)
    await page.keyboard.press('Enter')
    const form = page.getByRole('dialog', { name: 'New appointment' })
    await expect(form.getByLabel('Date', { exact: true })).toHaveValue(day.toString())
    await expect(form.getByRole('checkbox', { name: 'Tom Okafor' })).toBeChecked()
    await page.keyboard.press('Escape')
  })
  await page.keyboard.press('.')
  await expect(page).toHaveURL(new RegExp(`date=${Temporal.Now.plainDateISO(zone)}`))
})

test('shows working hours, time off and Google events of each member; empty time opens the form', async ({
  page,
  app,
  google,
  axe,
}) => {
  // Ravi does not work on Fridays.
  const day = quietDay().subtract({ days: 2 })
  const tom = await memberId(app, 'Tom Okafor')
  const [business] = await app.sql`select id from businesses limit 1`
  await app.sql`
    insert into time_off (business_id, member_id, starts_at, ends_at, repeats, reason)
    values (${business?.id}, ${tom}, ${`${day} 13:00`}, ${`${day} 15:00`}, 'never', 'Gas course')`
  await linkedWork(app, google)
  const timed = (summary: string, from: string, to: string, attendees: string[] = []) => ({
    summary,
    start: { dateTime: at(day, from), timeZone: zone },
    end: { dateTime: at(day, to), timeZone: zone },
    attendees: attendees.map((email) => ({ email })),
  })
  const allDay = { start: { date: day.toString() }, end: { date: day.add({ days: 1 }).toString() } }
  for (const event of [
    timed('Stand-up', '08:00', '08:30'),
    timed('Dentist', '10:00', '11:00', ['mia@harbourplumbing.example']),
    { summary: 'Stocktake', ...allDay },
  ])
    google.person.create({ email: owner, calendarId: workCalendar(google), event })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=team&date=${day}`)
  const isIn = (title: string, columns: string[]) =>
    Promise.all(
      ['Unassigned', 'Olive Harbour', 'Mia Chen', 'Ravi Patel', 'Tom Okafor'].map((name) =>
        expect(eventIn(page, name, title), `${title} of ${name}`).toHaveCount(columns.includes(name) ? 1 : 0),
      ),
    )
  const everyone = ['Unassigned', 'Olive Harbour', 'Mia Chen', 'Ravi Patel', 'Tom Okafor']
  await isIn('Stand-up', everyone)
  await isIn('Stocktake', everyone)
  await isIn('Dentist', ['Mia Chen'])
  await expect(eventIn(page, 'Mia Chen', 'Dentist')).toHaveAccessibleName(/locked: a Google event/)
  await expect(columnOf(page, 'Ravi Patel')).toContainText('Not working')
  await expect(columnOf(page, 'Tom Okafor').getByRole('listitem').filter({ hasText: 'Gas course' })).toContainText(
    'Time off, 1:00 – 3:00 pm: Gas course',
  )

  await test.step('a locked event does not move, and opens its details', async () => {
    const dentist = eventIn(page, 'Mia Chen', 'Dentist')
    const box = await boxOf(dentist)
    await drag(page, { x: box.x + 30, y: box.y + 20 }, { x: box.x + 300, y: box.y + 120 })
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await dentist.press('Alt+ArrowRight')
    await expect(dentist).toBeVisible()
    await dentist.click()
    await expect(page.getByRole('dialog')).toContainText('It blocks Mia Chen')
    await page.keyboard.press('Escape')
  })

  await test.step('time off that is added meanwhile appears', async () => {
    await app.sql`
      insert into time_off (business_id, member_id, starts_at, ends_at, repeats, reason)
      values (${business?.id}, ${tom}, ${`${day} 09:00`}, ${`${day} 10:00`}, 'never', 'Dog')`
    await app.sql`select pg_notify('sophiie_changes', ${business?.id})`
    await expect(columnOf(page, 'Tom Okafor').getByRole('listitem').filter({ hasText: 'Dog' })).toHaveCount(1)
  })

  const form = page.getByRole('dialog', { name: 'New appointment' })
  const { hour, middleOf } = await gridOf(page)
  const stand = await boxOf(eventIn(page, 'Mia Chen', 'Stand-up'))
  const yAt = (time: number) => stand.y + (time - 8) * hour
  await test.step('a click opens the form with that member and time', async () => {
    await page.mouse.click(await middleOf('Mia Chen'), yAt(11.6))
    await expect(form.getByLabel('Start')).toHaveValue('11:30')
    await expect(form.getByLabel('End', { exact: true })).toHaveValue('12:30')
    await expect(form.getByRole('checkbox', { name: 'Mia Chen' })).toBeChecked()
    await page.keyboard.press('Escape')
  })
  await test.step('drawing gives the length', async () => {
    const x = await middleOf('Olive Harbour')
    await drag(page, { x, y: yAt(9) + 3 }, { x, y: yAt(10.5) - 3 }, async () => {
      await expect(page.getByText('9:00 – 10:30 am')).toBeVisible()
    })
    await expect(form.getByLabel('Start')).toHaveValue('09:00')
    await expect(form.getByLabel('End', { exact: true })).toHaveValue('10:30')
    await expect(form.getByRole('checkbox', { name: 'Olive Harbour' })).toBeChecked()
    await page.keyboard.press('Escape')
  })

  for (const width of [1280, 390])
    for (const colorScheme of ['light', 'dark'] as const)
      await test.step(`accessible at ${width} px, ${colorScheme}`, async () => {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        await axe(page)
      })
})

test('staff see that others have time off, and not why', async ({ page, app }) => {
  const day = quietDay()
  const [business] = await app.sql`select id from businesses limit 1`
  for (const name of ['Mia Chen', 'Tom Okafor'])
    await app.sql`
      insert into time_off (business_id, member_id, starts_at, ends_at, repeats, reason)
      values (${business?.id}, ${await memberId(app, name)}, ${`${day} 09:00`}, ${`${day} 12:00`}, 'never', 'Private')`
  const read = page.waitForResponse(/\/api\/calendar\/working-time/)
  await enter(page.context(), { app, email: staff })
  await page.goto(`${app.url}/calendar?view=team&date=${day}`)
  const text = await (await read).text()
  const offOf = (name: string) => columnOf(page, name).getByRole('listitem').filter({ hasText: 'Time off,' })
  await expect(offOf('Mia Chen')).toHaveText('Time off, 9:00 am – 12:00 pm: Private')
  await expect(offOf('Tom Okafor')).toHaveText('Time off, 9:00 am – 12:00 pm')
  expect(text.split('Private')).toHaveLength(2)
})

test('a change made offline is kept and sent later; one made by someone else first is asked about', async ({
  page,
  app,
  allowConsole,
}) => {
  allowConsole(/Failed to load resource|ERR_|Failed to fetch/)
  const day = quietDay()
  const [mia, ravi] = [await memberId(app, 'Mia Chen'), await memberId(app, 'Ravi Patel')]
  const id = await book(app, { title: 'Offline', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds: [mia] })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=team&date=${day}`)
  await page.context().setOffline(true)
  await eventIn(page, 'Mia Chen', 'Offline').focus()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(eventIn(page, 'Ravi Patel', 'Offline')).toBeFocused()
  await expect(page.getByText('One change is kept')).toBeVisible()
  await test.step('someone else adds a member', async () => {
    await app.sql`update appointments set revision = revision + 1 where id = ${id}`
    await app.sql`update appointment_assignees set member_id = ${await memberId(app, 'Tom Okafor')}
      where appointment_id = ${id}`
  })
  await page.context().setOffline(false)
  const question = page.getByRole('dialog', { name: 'Changed by someone else' })
  await expect(question).toContainText('It is now “Offline”, Tom Okafor,')
  await question.getByRole('button', { name: /Move it to Ravi Patel, / }).click()
  await expect.poll(() => assigneesOf(app, id)).toBe('Ravi Patel')
  expect(ravi).not.toBe('')
})

test('on a phone two columns are shown, the others are swiped; a long press moves between them', async ({
  browser,
  app,
  axe,
}) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const id = await book(app, { title: 'By hand', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  const context = await browser.newContext({ ...devices['Pixel 7'], timezoneId: zone })
  await enter(context, { app, email: owner })
  const page = await context.newPage()
  await openCalendar(page, app, `?view=team&date=${day}`)
  const leftOf = async (name: string) =>
    columnOf(page, name).evaluate((element) => Math.round(element.getBoundingClientRect().left))
  const width = page.viewportSize()?.width ?? 0
  // The edge of the third column shows that there is more.
  const edge = width - 50
  expect(await leftOf('Mia Chen')).toBeGreaterThan(edge)
  expect(await leftOf('Mia Chen')).toBeLessThan(width - 16)
  await axe(page)
  const finger = await fingerOf(page)
  const event = eventIn(page, 'Mia Chen', 'By hand')
  const body = await boxOf(columnOf(page, 'Olive Harbour').locator('[data-column-body]'))

  await test.step('a swipe goes on by whole columns; names and hours stay', async () => {
    const y = 600
    await finger.down(width - 30, y)
    for (const x of [300, 250, 200, 120, 60]) await finger.move(x, y)
    await finger.up()
    await expect.poll(() => leftOf('Mia Chen')).toBeLessThan(edge)
    await expect.poll(() => isSnapped(page)).toBe(true)
    await expect(page.getByText('9 am', { exact: true })).toBeInViewport()
    await expect(columnOf(page, 'Mia Chen').getByRole('heading')).toBeInViewport()
  })

  const { hour } = await gridOf(page)
  await test.step('after a long press it follows the finger to another member and time', async () => {
    await event.scrollIntoViewIfNeeded()
    const box = await boxOf(event)
    const [x, y] = [box.x + 40, box.y + 20]
    const target = await leftOf('Ravi Patel')
    const by = target > box.x && target < width - 60 ? body.width : -body.width
    const to = by > 0 ? 'Ravi Patel' : 'Olive Harbour'
    await finger.down(x, y)
    await expect(page.locator('.cal-dragged').first()).toBeAttached()
    for (const part of [0.3, 0.7, 1]) await finger.move(x + by * part, y + hour * part)
    await finger.up()
    await expect.poll(() => storedPlace(app, id)).toBe(`${to} ${day}T10:00 to ${day}T11:00`)
  })

  await test.step('a long press alone shows the edge that resizes it', async () => {
    const moved = page.locator(`[data-appointment-id="${id}"]`)
    const box = await boxOf(moved)
    await finger.down(box.x + 40, box.y + 20)
    await expect(page.locator('.cal-dragged').first()).toBeAttached()
    await finger.up()
    await expect(moved).toHaveClass(/cal-selected/)
    const edge = await boxOf(moved.locator('.cal-grip-end'))
    const [x, y] = [edge.x + edge.width / 2, edge.y + edge.height / 2]
    await finger.down(x, y)
    for (const part of [0.3, 0.7, 1]) await finger.move(x, y + hour * part)
    await finger.up()
    await expect.poll(() => storedTimes(app, id)).toBe(`${day}T10:00 to ${day}T12:00`)
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })

  await test.step('a tap opens it', async () => {
    await page.locator(`[data-appointment-id="${id}"]`).tap({ position: { x: 40, y: 20 } })
    await expect(page.getByRole('dialog', { name: 'Appointment' })).toBeVisible()
  })
  await context.close()
})

/** Whether a column begins where the hours end, or the last one ends where the page ends. */
const isSnapped = (page: Page) =>
  page.evaluate(() => {
    const edges = { left: '[data-corner]', right: '.team-day' }
    const [hours, all] = Object.values(edges).map((name) => document.querySelector(name)?.getBoundingClientRect().right)
    const columns = [...document.querySelectorAll('[data-column-body]')].map((column) => column.getBoundingClientRect())
    const isAt = (a: number | undefined, b: number | undefined) => Math.abs((a ?? 0) - (b ?? 0)) < 3
    return columns.some(({ left }) => isAt(left, hours)) || isAt(columns.at(-1)?.right, all)
  })

test('with eight members and 200 appointments, neither a drag nor its drop renders the other events', async ({
  page,
  app,
}) => {
  const day = quietDay().add({ months: 2 })
  await app.sql`
    with business as (select id from businesses limit 1),
    people as (
      insert into users (email, name) select 'extra' || n || '@harbour.example', 'Extra ' || n from generate_series(1, 4) n
      returning id, name, email)
    insert into members (business_id, user_id, role, name, email, colour)
    select business.id, people.id, 'staff', people.name, people.email, 5 from people, business`
  await app.sql`
    with team as (select id, business_id, row_number() over (order by id) - 1 as place from members),
    made as (
      insert into appointments (business_id, title, starts_at, ends_at)
      select business_id, 'Visit ' || n, ${at(day, '06:00')}::timestamptz + n / 8 * interval '30 minutes',
        ${at(day, '06:00')}::timestamptz + (n / 8 + 1) * interval '30 minutes'
      from generate_series(0, 199) n, (select business_id from team limit 1) of
      returning *)
    insert into appointment_assignees (appointment_id, member_id, business_id, during, exclusive)
    select made.id, team.id, made.business_id, tstzrange(starts_at, ends_at), true
    from made join team on place = substr(title, 7)::int % 8`
  await enter(page.context(), { app, email: owner })
  // Each rendered event formats its times, so their number shows how many were rendered.
  await page.addInitScript(() => {
    const own = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')
    window.formatCalls = 0
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
      get() {
        window.formatCalls++
        return own?.get?.call(this)
      },
    })
  })
  await openCalendar(page, app, `?view=team&date=${day}`)
  await expect(page.locator('[data-appointment-id]')).toHaveCount(200)
  const countFormats = () => page.evaluate(() => window.formatCalls)
  const all = await countFormats()
  expect(all).toBeGreaterThan(200)
  const { middleOf } = await gridOf(page)
  const box = await boxOf(columnOf(page, 'Mia Chen').locator('[data-appointment-id]').nth(20))
  const from = { x: box.x + 30, y: box.y + 8 }
  const before = await countFormats()
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x, from.y + 60, { steps: 10 })
  await page.mouse.move(await middleOf('Unassigned'), from.y + 60, { steps: 10 })
  await expect(page.locator('.cal-dragged')).toHaveCount(1)
  expect((await countFormats()) - before).toBeLessThan(all / 4)
  await page.mouse.up()
  await expect(page.getByText(/is now unassigned/)).toBeVisible()
  await expect(columnOf(page, 'Unassigned').locator('[data-appointment-id]')).toHaveCount(1)
  expect((await countFormats()) - before).toBeLessThan(all / 4)
  await page.setViewportSize({ width: 390, height: 800 })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width, 'the page is as wide as the phone').toBe(390)
})

test('another view and back: each keeps the day, and a printed day is one page', async ({ page, app }) => {
  const day = quietDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  await book(app, { title: 'Steady', start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=day&date=${day}`)
  const views = ['Team', 'Week', 'Team', 'Month', 'Day']
  for (const view of views) {
    await page.getByRole('button', { name: view, exact: true }).click()
    await expect(page.locator(`[data-view="${view.toLowerCase()}"]`)).toBeVisible()
    await expect(page.locator('[data-appointment-id]', { hasText: 'Steady' }).first()).toBeVisible()
  }
  await page.goBack()
  await page.goBack()
  await expect(eventIn(page, 'Mia Chen', 'Steady')).toBeVisible()
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page).toHaveURL(new RegExp(`date=${day.add({ days: 1 })}`))
  await expect(columnOf(page, 'Mia Chen')).toContainText('0 booked')
  await page.goBack()
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true })
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
})
