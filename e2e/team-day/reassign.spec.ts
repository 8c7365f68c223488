import { expect, test } from '../fixtures/fixtures.ts'
import { at, book, boxOf, drag, enter, memberId, openCalendar, quietDay } from '../steps/calendar.ts'
import { countFormats, formatsOf } from '../steps/count-formats.ts'
import { owner } from '../steps/steps.ts'
import { activityOf, assigneesOf, columnOf, eventIn, gridOf, storedPlace } from '../steps/team-day.ts'

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

  await test.step('the form gives it to another member', async () => {
    await eventIn(page, 'Mia Chen', 'Two people').click()
    const form = page.getByRole('dialog', { name: 'Appointment' })
    await form.getByRole('checkbox', { name: 'Mia Chen' }).uncheck()
    await form.getByRole('checkbox', { name: 'Ravi Patel' }).check()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(eventIn(page, 'Ravi Patel', 'Two people')).toHaveAccessibleName(/9:00 am to 10:30 am, Ravi Patel/)
    await expect(eventIn(page, 'Mia Chen', 'Two people')).toHaveCount(0)
    await expect.poll(() => storedPlace(app, id)).toBe(`Ravi Patel ${day}T09:00 to ${day}T10:30`)
    await dragTo('Ravi Patel', 'Mia Chen')
    await expect.poll(() => assigneesOf(app, id)).toBe('Mia Chen')
  })

  await test.step('the filter leaves its columns and Unassigned', async () => {
    await page.getByRole('button', { name: 'Mia', exact: true }).click()
    await expect(page.getByRole('region').getByRole('heading')).toHaveText(['Unassigned', 'Mia Chen'])
    await dragTo('Mia Chen', 'Unassigned')
    await expect(eventIn(page, 'Unassigned', 'Two people')).toBeVisible()
  })
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
  await countFormats(page)
  await openCalendar(page, app, `?view=team&date=${day}`)
  await expect(page.locator('[data-appointment-id]')).toHaveCount(200)
  const all = await formatsOf(page)
  expect(all).toBeGreaterThan(200)
  const { middleOf } = await gridOf(page)
  const box = await boxOf(columnOf(page, 'Mia Chen').locator('[data-appointment-id]').nth(20))
  const from = { x: box.x + 30, y: box.y + 8 }
  const before = await formatsOf(page)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x, from.y + 60, { steps: 10 })
  await page.mouse.move(await middleOf('Unassigned'), from.y + 60, { steps: 10 })
  await expect(page.locator('.cal-dragged')).toHaveCount(1)
  expect((await formatsOf(page)) - before).toBeLessThan(all / 4)
  await page.mouse.up()
  await expect(page.getByText(/is now unassigned/)).toBeVisible()
  await expect(columnOf(page, 'Unassigned').locator('[data-appointment-id]')).toHaveCount(1)
  expect((await formatsOf(page)) - before).toBeLessThan(all / 4)
  await page.setViewportSize({ width: 390, height: 800 })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width, 'the page is as wide as the phone').toBe(390)
})
