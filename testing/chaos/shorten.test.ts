import { expect, test } from 'vitest'
import type { Command } from './commands.ts'
import { shorten } from './shorten.ts'

const pass = (hours: number): Command => ({ do: 'pass-time', hours })
const unlink: Command = { do: 'unlink' }
const look = (hours: number[]): Command => ({
  do: 'look',
  way: 'once',
  meanwhile: hours.map((at) => ({ at, command: unlink })),
  crash: { after: 'request', count: 1 },
})

test('what a story fails without is taken out, deeds and what happens during a look alike', async () => {
  const scenario = [pass(1), look([2, 3]), pass(4), pass(5), look([6]), pass(7), pass(8)]
  const isAt = (command: Command, at: number) =>
    command.do === 'look' && command.meanwhile.some((one) => one.at === at)
  const fails = async (commands: Command[]) => {
    const late = commands.findIndex((command) => command.do === 'pass-time' && command.hours === 5)
    return late > 0 && commands.slice(0, late).some((command) => isAt(command, 3))
  }
  expect(await shorten(scenario, fails)).toEqual([
    { do: 'look', way: 'once', meanwhile: [{ at: 3, command: unlink }], crash: null },
    pass(5),
  ])
})
