import { expect, test } from 'vitest'
import type { Command } from './commands.ts'
import { shrink } from './shrink.ts'

const pass = (hours: number): Command => ({ do: 'pass-time', hours })
const unlink: Command = { do: 'unlink' }
const run = (hours: number[]): Command => ({
  do: 'sync',
  mode: 'once',
  during: hours.map((at) => ({ at, command: unlink })),
  crash: { after: 'request', count: 1 },
})

test('commands that a failure does not need are removed, also those during a run', async () => {
  const scenario = [pass(1), run([2, 3]), pass(4), pass(5), run([6]), pass(7), pass(8)]
  const isAt = (command: Command, at: number) => command.do === 'sync' && command.during.some((one) => one.at === at)
  const fails = async (commands: Command[]) => {
    const late = commands.findIndex((command) => command.do === 'pass-time' && command.hours === 5)
    return late > 0 && commands.slice(0, late).some((command) => isAt(command, 3))
  }
  expect(await shrink(scenario, fails)).toEqual([
    { do: 'sync', mode: 'once', during: [{ at: 3, command: unlink }], crash: null },
    pass(5),
  ])
})
