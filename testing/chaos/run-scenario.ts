import { faultsOf, tokenForm } from './check.ts'
import type { Command } from './commands.ts'
import { settle } from './converge.ts'
import { weather } from './environment.ts'
import { type ChaosWorld, type Stage, setChaos } from './model.ts'
import { look, person } from './sync-run.ts'

/** Plays a story, lets things settle, and throws with the whole trail when anything is wrong. */
export const play = async (stage: Stage, commands: Command[]): Promise<ChaosWorld> => {
  const world = await setChaos(stage)
  const spoken = listenToLog()
  try {
    for (const command of commands) {
      world.trail.push(JSON.stringify(command))
      await perform(world, command)
    }
    world.trail.push('settle')
    await settle(world)
    const faults = await faultsOf(world)
    faults.push(...spokenOf(spoken.text()))
    if (faults.length > 0) throw new Error(faults.join('\n'))
    return world
  } catch (error) {
    throw new Error(`${textOf(error)}\n\nAfter:\n${world.trail.join('\n')}\n\nLog:\n${spoken.text()}`, {
      cause: error,
    })
  } finally {
    world.webhook.set('lose')
    spoken.stop()
  }
}

/** What is planted in every story: words that people write, their addresses, what opens doors. None belongs into a line. */
const written = /(title|place|Note|Booked|Retitled) \d|harbour\.example|Olive|a secret/i
const doors = ['GOOGLE_CLIENT_SECRET', 'TOKEN_ENCRYPTION_KEYS', 'CRON_SECRET', 'NEXTAUTH_SECRET']

const spokenOf = (log: string): string[] => {
  const secrets = doors.filter((name) => log.includes(process.env[name] ?? name))
  return [
    ...(tokenForm.test(log) ? ['a token was written to the log'] : []),
    ...(written.test(log) ? [`written to the log: ${log.match(written)?.[0]}`] : []),
    ...secrets.map((name) => `${name} was written to the log`),
  ]
}

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause ? `\nbecause ${textOf(error.cause)}` : ''
  const detail = 'detail' in error ? `\n${error.detail}\n${JSON.stringify(error)}` : ''
  return `${error.stack ?? error.message}${detail}${cause}`
}

export const perform = async (world: ChaosWorld, command: Command): Promise<void> => {
  switch (command.do) {
    case 'look':
      return look(world, command)
    case 'trouble':
    case 'clear-trouble':
    case 'switch':
    case 'notifications':
    case 'release-notifications':
    case 'pass-time':
      return weather(world, command)
    default:
      return person(world, command)
  }
}

/** What the product writes to stdout, instead of showing it. */
const listenToLog = () => {
  const write = process.stdout.write
  const lines: string[] = []
  process.stdout.write = ((chunk: string | Uint8Array) => {
    lines.push(String(chunk))
    return true
  }) as typeof write
  return {
    text: () => lines.join(''),
    stop: () => {
      process.stdout.write = write
    },
  }
}
