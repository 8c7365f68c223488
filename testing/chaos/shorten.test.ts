import { expect, test } from 'vitest'
import type { Deed } from './commands.ts'
import { shorten } from './shorten.ts'

const pass = (hours: number): Deed => ({ do: 'pass-time', hours })
const unlink: Deed = { do: 'unlink' }
const look = (hours: number[]): Deed => ({
  do: 'look',
  way: 'once',
  meanwhile: hours.map((at) => ({ at, deed: unlink })),
  crash: { after: 'request', count: 1 },
})

test('what a story fails without is taken out, deeds and what happens during a look alike', async () => {
  const story = [pass(1), look([2, 3]), pass(4), pass(5), look([6]), pass(7), pass(8)]
  const isAt = (deed: Deed, at: number) => deed.do === 'look' && deed.meanwhile.some((one) => one.at === at)
  const fails = async (deeds: Deed[]) => {
    const late = deeds.findIndex((deed) => deed.do === 'pass-time' && deed.hours === 5)
    return late > 0 && deeds.slice(0, late).some((deed) => isAt(deed, 3))
  }
  expect(await shorten(story, fails)).toEqual([
    { do: 'look', way: 'once', meanwhile: [{ at: 3, deed: unlink }], crash: null },
    pass(5),
  ])
})
