import type { Command } from './commands.ts'

/**
 * The story without whatever it fails without as well: stretches first, then single deeds, then what happens during a look.
 * Deeds are only taken out, never changed: what is left happened in the story that was found.
 */
export const shorten = async (
  commands: Command[],
  fails: (commands: Command[]) => Promise<boolean>,
): Promise<Command[]> => {
  let scenario = commands
  const accept = async (shorter: Command[]): Promise<boolean> => {
    const isEnough = await fails(shorter)
    if (isEnough) scenario = shorter
    return isEnough
  }
  for (let length = commands.length; length > 1; ) {
    length = Math.ceil(length / 2)
    for (let start = scenario.length - length; start > -length; start -= length)
      await accept(scenario.toSpliced(Math.max(start, 0), Math.min(length, length + start)))
  }
  for (const place of scenario.keys()) {
    let plainer = plainerThan(scenario[place])
    for (let next = plainer.shift(); next; next = plainer.shift())
      if (await accept(scenario.with(place, next))) plainer = plainerThan(next)
  }
  return scenario
}

const plainerThan = (command: Command | undefined): Command[] => {
  if (command?.do !== 'look') return []
  const without = command.meanwhile.map((_, n) => ({
    ...command,
    meanwhile: command.meanwhile.toSpliced(n, 1),
  }))
  return command.crash ? [{ ...command, crash: null }, ...without] : without
}
