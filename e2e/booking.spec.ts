import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from './fixtures/fixtures.ts'
import {
  at,
  book,
  caller,
  empty,
  enter,
  memberId,
  openCalendar,
  quietDay,
  savedRequest,
  shown,
  storedTimes,
} from './steps/calendar.ts'
import { owner, staff } from './steps/steps.ts'

const mia = 'Mia Chen'

test('of twenty concurrent bookings exactly one succeeds and nineteen are refused, fifty times over HTTP', async ({
  page,
  app,
}) => {
  test.setTimeout(180_000)
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app)
  const request = await savedRequest(page, 'The first')
  // A member makes at most 600 attempts a minute. Refused ones do not count as bookings.
  const [asOwner, asStaff] = [await caller(app, request), await caller(app, request, staff)]
  await page.close()
  const people = [await memberId(app, mia), await memberId(app, 'Tom Okafor'), await memberId(app, 'Ravi Patel')]
  const day = quietDay().add({ days: 21 })
  const [before] = await app.sql`select deadlocks from pg_stat_database where datname = current_database()`
  const round = async (n: number) => {
    const from = Temporal.Instant.from(at(day.add({ days: n }), '09:00'))
    const start = (i: number) => from.add({ minutes: i }).toString()
    const ids = Array.from({ length: 20 }, () => randomUUID())
    // All include the first person; the other assignees and their order differ.
    const team = (i: number) => [...people.slice(0, 1 + (i % 3))].sort(() => (i % 2 ? 1 : -1))
    const answers = await Promise.all(
      ids.map((id, i) =>
        (i % 2 ? asOwner : asStaff)({
          kind: 'create',
          id,
          fields: { ...empty, title: `${n}.${i}`, start: start(i), end: start(90), assigneeIds: team(i) },
        }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const won = answers.flatMap(({ answer }) => (answer.ok ? [answer.appointment.id] : []))
    const refused = answers.flatMap(({ answer }) => (answer.ok ? [] : [answer]))
    expect(won).toHaveLength(1)
    expect(refused.map(({ code }) => code)).toEqual(Array(19).fill('clash'))
    for (const { clashes, alternatives } of refused) {
      expect(clashes?.map(({ id }) => id)).toEqual(won)
      expect(alternatives).toHaveLength(3)
    }
  }
  for (let n = 0; n < 50; n++) await round(n)
  const [{ count } = {}] = await app.sql`
    select count(*)::int from appointments where starts_at >= ${at(day, '00:00')} and status = 'booked'`
  expect(count).toBe(50)
  const [after] = await app.sql`select deadlocks from pg_stat_database where datname = current_database()`
  expect(after).toEqual(before)
  expect(await readFile(app.logFiles[0] ?? '', 'utf8')).not.toMatch(/deadlock|23P01|40P01/)
})

test('a refusal names the clash, the person and three free times nearby; Book anyway books and stays flagged until resolved', async ({
  page,
  app,
  axe,
}) => {
  const day = quietDay().add({ days: 1 })
  const assigneeIds = [await memberId(app, mia)]
  const there = await book(app, {
    title: 'Gas fitting',
    start: at(day, '09:00'),
    end: at(day, '10:00'),
    assigneeIds,
  })
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?date=${day}`)
  await page.getByRole('button', { name: 'New appointment' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Title').fill('Tap repair')
  await form.getByLabel('Start').fill('09:30')

  await test.step('availability is shown while the time is typed', async () => {
    const box = form.getByRole('checkbox', { name: mia })
    await expect(box).toHaveAccessibleDescription(/busy: Gas fitting, 9:00 – 10:00/)
    await expect(form.getByRole('checkbox', { name: 'Tom Okafor' })).toHaveAccessibleDescription('free')
    await form.getByLabel('Start').fill('10:00')
    await expect(box).toHaveAccessibleDescription('free')
    await form.getByLabel('Start').fill('09:30')
    await box.check()
  })
  await form.getByRole('button', { name: 'Save' }).click()
  const refusal = form.getByRole('alert')
  await expect(refusal).toContainText(/That time is taken\.\s*Gas fitting · .*9:00 – 10:00 am · Mia Chen/)
  await expect(refusal.getByRole('button', { name: /\d/ })).toHaveCount(3)
  await expect(form.getByLabel('Title')).toHaveValue('Tap repair')
  await axe(page)
  await form.getByRole('button', { name: 'Book anyway' }).click()
  await expect(form).toBeHidden()
  const booked = page.getByRole('button', { name: /^Tap repair/ })
  await expect(booked).toHaveAccessibleName(/Clashes with “Gas fitting”/)
  await expect(shown(page, there)).toHaveAccessibleName(/Clashes with “Tap repair”/)
  await expect(page.getByText('2 appointments clash.')).toBeVisible()

  await test.step('after a move by keyboard the clash is gone', async () => {
    await shown(page, there).focus()
    await page.keyboard.press('Alt+ArrowRight')
    await expect.poll(() => storedTimes(app, there)).toContain(`${day.add({ days: 1 })}T09:00 to`)
    await expect(page.getByText(/appointments? clash/)).toHaveCount(0)
    await expect(shown(page, there)).not.toHaveAccessibleName(/Clashes/)
    await expect(shown(page, there)).toBeFocused()
  })

  await test.step('Find a time offers free times with a gap', async () => {
    await page.keyboard.press('n')
    await form.getByRole('checkbox', { name: mia }).check()
    await form.getByRole('button', { name: 'Find a time' }).click()
    const times = form.getByRole('status').getByRole('button')
    await expect(times.first()).toContainText('7:00 – 8:00 am')
    await expect(times.nth(1)).toContainText('8:00 – 9:00 am')
    await form.getByLabel('Gap to other appointments').selectOption('an hour apart')
    await expect(times.nth(1)).toContainText('11:30 am – 12:30 pm')
    await times.nth(1).click()
    await expect(form.getByLabel('Start')).toHaveValue('11:30')
  })
})

test('an earlier customer is completed by keyboard, and announced to screen readers', async ({ page, app }) => {
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app)
  await page.keyboard.press('n')
  const form = page.getByRole('dialog')
  const name = form.getByRole('combobox', { name: 'Customer name' })
  await name.pressSequentially('val')
  const list = form.getByRole('listbox', { name: 'Earlier customers' })
  await expect(list.getByRole('option')).toHaveText([/^Dorothy Vale/])
  await expect(name).toHaveAttribute('aria-expanded', 'true')
  await page.keyboard.press('ArrowDown')
  await expect(list.getByRole('option')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(name).toHaveValue('Dorothy Vale')
  await expect(form.getByLabel('Customer phone')).toHaveValue('0412 555 176')
  await expect(form.getByLabel('Location')).toHaveValue('6 Bower Street, Manly')
  await test.step('Escape closes the list, not the form', async () => {
    await name.fill('Kim')
    await expect(list).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(list).toBeHidden()
    await expect(form).toBeVisible()
  })
})
