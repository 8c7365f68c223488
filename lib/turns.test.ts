import { expect, test } from 'vitest'
import { ifFirst, inTurn, type Running, shared, type Turns } from './turns.ts'

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

test('behind the first work of a name the others wait for its end, and do not run', async () => {
  const first: Running<unknown> = new Map()
  const ended: string[] = []
  const held = Promise.withResolvers<void>()
  const run = async (name: string, label: string, work: Promise<unknown>) => {
    const answer = await ifFirst(first, name, async () => {
      await work
      return label
    })
    ended.push(`${label}: ${answer}`)
  }
  const all = [run('a', 'one', held.promise), run('a', 'two', Promise.resolve()), run('b', 'three', Promise.resolve())]
  await all[2]
  expect(ended).toEqual(['three: three'])
  held.resolve()
  await Promise.all(all)
  expect(ended.slice(1).sort()).toEqual(['one: one', 'two: null'])
  await run('a', 'four', Promise.resolve())
  expect(ended.at(-1)).toBe('four: four')
})

test('an error of the first work is its own', async () => {
  const first: Running<unknown> = new Map()
  const failing = ifFirst(first, 'a', () => Promise.reject(new Error('failed')))
  const behind = ifFirst(first, 'a', () => Promise.resolve('never'))
  await expect(failing).rejects.toThrow('failed')
  expect(await behind).toBeNull()
  expect(first.size).toBe(0)
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
