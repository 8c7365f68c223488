import { shortDate } from '#lib/dates/format.ts'
import { expect, test } from '../fixtures/fixtures.ts'
import { at, enter, memberId, openCalendar, shown, zone } from '../steps/calendar.ts'
import { inEveryLayout } from '../steps/layout.ts'
import { bookedStarts, bookSeries, openDay, weekly } from '../steps/series.ts'
import { owner, staff } from '../steps/steps.ts'

const fourTimes = { every: 1, unit: 'week', ends: { after: 4 } } as const

test('a visit that needs a time is found in the to-do line, gets one, or is skipped', async ({ page, app, axe }) => {
  const day = openDay()
  const assigneeIds = [await memberId(app, 'Mia Chen')]
  const times = { start: at(day, '09:00'), end: at(day, '10:00'), assigneeIds }
  const { id, visits } = await bookSeries(app, { title: 'Carpet', ...times, repeat: fourTimes })
  // As the horizon roll leaves dates that are taken.
  const [, second, third] = visits
  for (const visit of [second, third]) {
    await app.sql`
      update series_visits set state = 'needs-time', appointment_id = null, reason = 'clash'
      where series_id = ${id} and original_start = ${visit?.start ?? ''}`
    await app.sql`delete from appointments where id = ${visit?.id ?? ''}`
  }
  const taken = weekly(day, '09:00', 4)[1]
  const other = { start: at(day.add({ weeks: 1 }), '09:00'), end: at(day.add({ weeks: 1 }), '10:00'), assigneeIds }
  await bookSeries(app, { title: 'Oven', ...other, repeat: { ...fourTimes, ends: { after: 1 } } })
  await enter(page.context(), { app, email: staff })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await page.getByText('2 visits need a time.').getByRole('button', { name: 'Show them' }).click()
  const dialog = page.getByRole('dialog', { name: 'Visits to sort out' })
  const waiting = dialog.getByRole('region', { name: 'Need a time' }).getByRole('listitem')
  await expect(waiting).toHaveCount(2)
  await expect(waiting.first()).toContainText('that time is taken')
  await waiting.first().getByRole('button', { name: 'Find a time' }).click()
  await waiting
    .first()
    .getByRole('button', { name: /10:00 – 11:00 am/ })
    .first()
    .waitFor()
  await inEveryLayout(page, 'series-visits', axe)
  await waiting
    .first()
    .getByRole('button', { name: /10:00 – 11:00 am/ })
    .first()
    .click()
  await expect(waiting).toHaveCount(1)
  await expect.poll(() => bookedStarts(app, 'Carpet')).toContain(taken?.replace('09:00', '10:00'))
  const skipped = shortDate(at(day.add({ weeks: 2 }), '09:00'), zone)
  await waiting.getByRole('button', { name: `Skip: Carpet, ${skipped}`, exact: true }).click()
  await expect(dialog.getByText('Everything is sorted out.')).toBeVisible()
  await inEveryLayout(page, 'series-sorted-out', axe)

  await test.step('Undo in the dialog asks for both again', async () => {
    await dialog.getByRole('button', { name: `Undo: “Carpet” on ${skipped} is skipped.`, exact: true }).click()
    await expect(waiting).toHaveCount(1)
    await dialog.getByRole('button', { name: /^Undo: “Carpet” is booked, / }).click()
    await expect(waiting).toHaveCount(2)
    expect(await bookedStarts(app, 'Carpet')).toHaveLength(2)
  })
  await test.step('after the dialog, a toast has Undo', async () => {
    await waiting.first().getByRole('button', { name: 'Skip: Carpet' }).click()
    await expect(waiting).toHaveCount(1)
    await dialog.getByRole('button', { name: 'Done' }).click()
    await expect(page.getByText('One visit needs a time.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(page.getByText('Undone.')).toBeVisible()
    await expect(page.getByText('2 visits need a time.')).toBeVisible()
  })
})

test('after a visit was moved in Google, the following ones move too, or stay', async ({ page, app, axe }) => {
  const day = openDay()
  const times = { start: at(day, '09:00'), end: at(day, '10:00') }
  // As the sync leaves visits that a person moved in Google.
  const movedBy = async (title: string, hours: number) => {
    const { visits } = await bookSeries(app, { title, ...times, repeat: fourTimes })
    const [first = { id: '' }] = visits
    await app.sql`
      update appointments set starts_at = starts_at + make_interval(hours => ${hours}),
      ends_at = ends_at + make_interval(hours => ${hours}), revision = revision + 1 where id = ${first.id}`
    await app.sql`update series_visits set moved_in_google_at = now() where appointment_id = ${first.id}`
    return first.id
  }
  const lawn = await movedBy('Lawn', 1)
  await movedBy('Pond', 2)
  await enter(page.context(), { app, email: owner })
  await openCalendar(page, app, `?view=week&date=${day}`)
  await page.getByText('2 visits were moved in Google.').getByRole('button', { name: 'Show them' }).click()
  const dialog = page.getByRole('dialog', { name: 'Visits to sort out' })
  await inEveryLayout(page, 'series-offers', axe)
  await dialog.getByRole('button', { name: 'Only this one: Pond' }).click()
  const settled = dialog.getByRole('list', { name: 'Sorted out' })
  await expect(settled.getByText('The following visits of “Pond” stay where they are.')).toBeVisible()
  await settled.getByRole('button', { name: /^Undo/ }).click()
  await dialog.getByRole('button', { name: 'Only this one: Pond' }).click()
  await expect(settled.getByText('Pond')).toBeVisible()
  await dialog.getByRole('button', { name: 'Move them too: Lawn' }).click()
  await expect(dialog).toBeHidden()
  const later = weekly(day.add({ weeks: 1 }), '09:00', 3)
  expect(await bookedStarts(app, 'Lawn')).toEqual(weekly(day, '10:00', 4))
  expect(await bookedStarts(app, 'Pond')).toEqual([`${day}T11:00`, ...later])
  await expect(page.getByText('moved in Google.')).toHaveCount(0)
  // The last toast.
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(page.getByText('Undone.')).toBeVisible()
  expect(await bookedStarts(app, 'Lawn')).toEqual([`${day}T10:00`, ...later])
  await expect(shown(page, lawn)).toBeVisible()
})
