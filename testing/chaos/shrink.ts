import type { Command } from './commands.ts'

/**
 * The smallest scenario found that still fails: drops stretches of commands, then single ones, then
 * what runs during a sync run. Commands are only removed, never changed.
 */
export const shrink = async (
  commands: Command[],
  fails: (commands: Command[]) => Promise<boolean>,
): Promise<Command[]> => {
  let scenario = commands
  const accept = async (smaller: Command[]): Promise<boolean> => {
    const isEnough = await fails(smaller)
    if (isEnough) scenario = smaller
    return isEnough
  }
  for (let length = commands.length; length > 1; ) {
    length = Math.ceil(length / 2)
    for (let start = scenario.length - length; start > -length; start -= length)
      await accept(scenario.toSpliced(Math.max(start, 0), Math.min(length, length + start)))
  }
  for (const place of scenario.keys()) {
    let candidates = simpler(scenario[place])
    for (let next = candidates.shift(); next; next = candidates.shift())
      if (await accept(scenario.with(place, next))) candidates = simpler(next)
  }
  return scenario
}

const simpler = (command: Command | undefined): Command[] => {
  if (command?.do !== 'sync') return []
  const without = command.during.map((_, n) => ({
    ...command,
    during: command.during.toSpliced(n, 1),
  }))
  return command.crash ? [{ ...command, crash: null }, ...without] : without
}
