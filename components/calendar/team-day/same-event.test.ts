import { expect, test } from 'vitest'
import type { Appointment } from '#lib/appointments/schema.ts'
import { appointment } from '#testing/appointment-row.ts'
import type { PlacedEvent } from './column-layout.ts'
import { isSameEvent } from './same-event.ts'

const placed = (row: Partial<Appointment> = {}, place: Partial<PlacedEvent> = {}): PlacedEvent => ({
  ...{ id: 'a', event: { kind: 'appointment', appointment: appointment(row) }, isStart: true, isEnd: true },
  ...{ from: 540, to: 600, place: 0, places: 1 },
  ...place,
})

test('another object with the same content is the same event', () => {
  expect(isSameEvent(placed({ assigneeIds: ['mia'] }), placed({ assigneeIds: ['mia'] }))).toBe(true)
})

test('another title, assignee, place or other property is another event', () => {
  const others = [
    placed({ title: 'Other' }),
    placed({ assigneeIds: ['mia'] }),
    placed({ clashCount: 1 }),
    placed({}, { places: 2 }),
    placed({}, { to: 615 }),
  ]
  for (const other of others) expect(isSameEvent(placed(), other)).toBe(false)
  expect(isSameEvent({ ...placed(), ...{ isSelected: true } }, { ...placed(), ...{ isSelected: false } })).toBe(false)
})
