import { expect, test } from 'vitest'
import { enterRace, type Races, type WantedTime } from './race.ts'

const at = (hour: number, memberIds?: string[]): WantedTime => ({
  start: `2027-01-11T0${hour}:00:00Z`,
  end: `2027-01-11T0${hour + 1}:00:00Z`,
  memberIds,
})

test('those ahead that want the same time of the same members are rivals, until they have ended', async () => {
  const races: Races = new Map()
  const [first, , , , last] = [at(1, ['mia']), at(2, ['mia']), at(1, ['tom']), at(1, []), at(1, ['mia', 'zoe'])].map(
    (wants) => enterRace(races, 'a', wants),
  )
  const rival = last?.rival()
  expect(rival?.wants).toEqual(at(1, ['mia']))
  first?.end(null)
  expect(await rival?.winner).toBeNull()
  expect(last?.rival()).toBeNull()
  expect(first?.rival()).toBeNull()
})

test('a time of anyone has one rival, whoever of the team takes it', () => {
  const races: Races = new Map()
  const [first, second] = [enterRace(races, 'a', at(1, ['mia'])), enterRace(races, 'a', at(1, ['tom']))]
  const anyone = enterRace(races, 'a', at(1))
  expect(anyone.rival()?.wants.memberIds).toEqual(['mia'])
  first.end(null)
  expect(anyone.rival()).toBeNull()
  second.end(null)
})

test('other businesses, and what takes no time, have no rivals; nothing is kept', () => {
  const races: Races = new Map()
  const first = enterRace(races, 'a', at(1, ['mia']))
  const others = [enterRace(races, 'b', at(1, ['mia'])), enterRace(races, 'a', null)]
  for (const other of others) expect(other.rival()).toBeNull()
  for (const each of [first, ...others]) each.end(null)
  expect(races.size).toBe(0)
})

test('a booking knows whether another has asked for its end', () => {
  const races: Races = new Map()
  const [first, second] = [enterRace(races, 'a', at(1, ['mia'])), enterRace(races, 'a', at(1, ['mia']))]
  expect(first.isAwaited()).toBe(false)
  second.rival()
  expect([first.isAwaited(), second.isAwaited()]).toEqual([true, false])
})
