import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { exportAsIcs } from '#lib/business/export.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { later, now, sampleSeries, tuesday } from '#testing/series/sample-series.ts'

const database = ownDatabase()

/** The starts of the booked instances, as another calendar program reads the file. */
const read = async (businessId: Awaited<ReturnType<typeof insertBusiness>>['businessId']) => {
  let text = ''
  for await (const part of exportAsIcs(database.db, { businessId, now })) text += part
  const calendar = new ICAL.Component(ICAL.parse(text))
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
  const components = calendar.getAllSubcomponents('vevent')
  const events = components.map((component) => new ICAL.Event(component, { exceptions: [] }))
  const found: string[] = []
  for (const event of events) {
    if (event.isRecurrenceException()) continue
    if (!event.isRecurring()) {
      if (event.component.getFirstPropertyValue('status') === 'CANCELLED') continue
      found.push(`${event.startDate.toJSDate().toISOString()} ${event.summary}`)
      continue
    }
    for (const other of events)
      if (other.isRecurrenceException() && other.uid === event.uid) event.relateException(other.component)
    const iterator = event.iterator()
    for (let next = iterator.next(), n = 0; next && n < 30; next = iterator.next(), n++) {
      const { item, startDate } = event.getOccurrenceDetails(next)
      if (item.component.getFirstPropertyValue('status') !== 'CANCELLED')
        found.push(`${startDate.toJSDate().toISOString()} ${item.summary}`)
    }
  }
  return { text, found: found.map((line) => line.replace(':00.000Z', 'Z').replace(':00Z', ':00Z')).sort() }
}

test('another program reads every visit of a series once, at its time and with its title', async () => {
  const sample = await insertBusiness(database.db)
  const of = sampleSeries(database, sample)
  await of.make({
    repeat: { every: 6, unit: 'week', ends: { after: 6 } },
    choices: { '2027-04-06T10:00': 'skip' },
    fields: fields({
      ...{ ...tuesday, title: 'Clean', assigneeIds: [sample.mia] },
    }),
  })
  await of.alone(1, { title: 'Windows' })
  const { start, end } = await of.visitAt(2)
  await of.alone(2, { start: later(start, 1), end: later(end, 1) })
  await of.book({ title: 'Single', start: later(start, 3), end: later(end, 3) })
  const changed = await of.change(3, { change: { kind: 'cancel' } })
  expect(changed).toMatchObject({ ok: true })
  const { text, found } = await read(sample.businessId)
  const rows =
    await database.sql`select title, to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') as start
    from appointments where business_id = ${sample.businessId} and status = 'booked' order by starts_at`
  expect(found).toEqual(rows.map((row) => `${row.start} ${row.title}`))
  expect(rows).toHaveLength(4)
  expect(text).toContain('RRULE:FREQ=WEEKLY;INTERVAL=6;BYDAY=TU;UNTIL=')
  expect(text).toContain('BEGIN:VTIMEZONE')
})

test('a series keeps its rule and its exclusions', async () => {
  const sample = await insertBusiness(database.db)
  const of = sampleSeries(database, sample)
  const { id } = await of.make({ choices: { '2026-12-15T10:00': 'skip' } })
  const { text, found } = await read(sample.businessId)
  expect(text).toContain('RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=5')
  expect(text).toContain('EXDATE;TZID=Australia/Sydney:20261215T100000')
  expect(text.match(new RegExp(`UID:${id}@sophiie`, 'g'))).toHaveLength(1)
  expect(found).toHaveLength(4)
})
