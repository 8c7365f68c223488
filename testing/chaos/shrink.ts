/**
 * The smallest scenario found that still fails: drops stretches of commands, then single ones, then
 * what runs during a sync run. Commands are only removed, never changed.
 */
export const shrink = async <Command extends object>(
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

/** Without a crash, or without one of the commands that run during a sync run. */
const simpler = <Command extends object>(command: Command | undefined): Command[] => {
  if (!command) return []
  const during = 'during' in command && Array.isArray(command.during) ? command.during : []
  const without = during.map((_, n) => ({ ...command, during: during.toSpliced(n, 1) }))
  return 'crash' in command && command.crash ? [{ ...command, crash: null }, ...without] : without
}
