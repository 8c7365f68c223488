import { expect, test } from 'vitest'
import { inTurn, type Running, shared, type Turns } from './turns.ts'

test('what goes ahead has its turn before what waits, and not before what runs', async () => {
  const turns: Turns = new Map()
  const order: string[] = []
  const work = (label: string) => async () => {
    order.push(label)
  }
  const labels = ['running', 'waiting', 'ahead']
  await Promise.all(labels.map((label) => inTurn(turns, 'a', { most: 1, ahead: label === 'ahead' }, work(label))))
  expect(order).toEqual(['running', 'ahead', 'waiting'])
})

test('work under a name that runs is shared, and runs again afterwards', async () => {
  const running: Running<number> = new Map()
  let runs = 0
  const work = async () => {
    await Promise.resolve()
    return ++runs
  }
  expect(
    await Promise.all([shared(running, 'a', work), shared(running, 'a', work), shared(running, 'b', work)]),
  ).toEqual([1, 1, 2])
  expect(await shared(running, 'a', work)).toBe(3)
  expect(running.size).toBe(0)
})
