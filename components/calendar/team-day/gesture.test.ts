import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { zoneClock } from '#lib/recurrence/clock.ts'
import { appointment } from '#testing/appointment-row.ts'
import { clickedTime, type Gesture, previewOf } from './gesture.ts'

const context = { date: '2026-11-23', clock: zoneClock('Australia/Sydney'), isActive: () => true }
const columnOf = (id: string) => ({
  ...{ id, name: id },
  member: { ...{ id, name: id, email: '', role: 'staff' as const, colour: 1, active: true } },
})
const [mia, tom] = [columnOf('mia'), columnOf('tom')]
/** 9:00 to 10:30 am. */
const nine = appointment({ start: '2026-11-22T22:00:00Z', end: '2026-11-22T23:30:00Z', assigneeIds: ['mia'] })
const pressed = (kind: 'move' | 'resize', minute: number): Gesture => ({
  ...{ kind, appointment: nine, from: 540, to: 630, pressed: { column: mia, minute } },
})

describe('moving', () => {
  test('goes in steps of a quarter of an hour, by how far the pointer went', () => {
    const preview = previewOf(pressed('move', 550), { column: tom, minute: 588 }, context)
    expect(preview).toMatchObject({ columnId: 'tom', from: 585, to: 675 })
    expect(preview.place).toEqual({ start: '2026-11-22T22:45:00Z', end: '2026-11-23T00:15:00Z', assigneeIds: ['tom'] })
    expect(preview.appointment).toMatchObject(preview.place ?? {})
  })

  test('back to where it was changes nothing', () => {
    expect(previewOf(pressed('move', 550), { column: mia, minute: 553 }, context).place).toBeNull()
  })

  test('stays on the day', () => {
    expect(previewOf(pressed('move', 550), { column: mia, minute: -300 }, context)).toMatchObject({ from: 0, to: 90 })
    expect(previewOf(pressed('move', 550), { column: mia, minute: 9999 }, context)).toMatchObject({
      ...{ from: 1425, to: 1440 },
    })
  })
})

describe('resizing', () => {
  test('stays in its column and leaves a quarter of an hour', () => {
    const preview = previewOf(pressed('resize', 630), { column: tom, minute: 662 }, context)
    expect(preview).toMatchObject({ columnId: 'mia', from: 540, to: 660, place: { end: '2026-11-23T00:00:00Z' } })
    expect(previewOf(pressed('resize', 630), { column: mia, minute: 100 }, context)).toMatchObject({ to: 555 })
  })
})

describe('drawing', () => {
  test('covers the quarters of an hour that it touches, in either direction', () => {
    for (const [from, to] of [
      [545, 625],
      [625, 545],
    ] as const)
      expect(
        previewOf({ kind: 'draw', pressed: { column: mia, minute: from } }, { column: tom, minute: to }, context),
      ).toMatchObject({
        ...{ columnId: 'mia', from: 540, to: 630, appointment: null },
        place: { start: '2026-11-22T22:00:00Z', end: '2026-11-22T23:30:00Z' },
      })
  })

  test('a click is the half hour, with the default length', () => {
    expect(clickedTime(559, 60, context)).toEqual({ start: '2026-11-22T22:00:00Z', end: '2026-11-22T23:00:00Z' })
  })
})

const minute = fc.integer({ min: -500, max: 2000 })
const gestures = fc.oneof(
  fc.constantFrom('move' as const, 'resize' as const).chain((kind) => minute.map((at) => pressed(kind, at))),
  minute.map((at): Gesture => ({ kind: 'draw', pressed: { column: mia, minute: at } })),
)

test('every preview is on the day, at least a quarter of an hour long, and at quarters', () => {
  fc.assert(
    fc.property(gestures, fc.constantFrom(mia, tom), minute, (gesture, column, at) => {
      const { from, to } = previewOf(gesture, { column, minute: at }, context)
      expect(from).toBeGreaterThanOrEqual(0)
      expect(to).toBeLessThanOrEqual(1440)
      expect(to - from).toBeGreaterThanOrEqual(15)
      expect([Math.abs(from % 15), Math.abs(to % 15)]).toEqual([0, 0])
    }),
  )
})
