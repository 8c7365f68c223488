import type { Command } from './commands.ts'
import { converge } from './converge.ts'
import { changeEnvironment, isOfEnvironment } from './environment.ts'
import { findViolations, tokenForm } from './invariants.ts'
import { createModel, type Model, type Services } from './model.ts'
import { asPerson, runSync } from './sync-run.ts'

/**
 * Runs a scenario, lets both sides converge, and throws with all steps if an invariant is violated.
 */
export const runScenario = async (services: Services, commands: Command[]): Promise<Model> => {
  const model = await createModel(services)
  await reported(model, async () => {
    for (const command of commands) {
      model.steps.push(JSON.stringify(command))
      await runCommand(model, command)
    }
    model.steps.push('converge')
    await converge(model)
    return findViolations(model)
  })
  return model
}

/** Throws what `run` throws or returns, and what the log leaks, with all steps and the log. */
export const reported = async (model: Model, run: () => Promise<string[]>): Promise<void> => {
  const output = captureLog()
  try {
    const violations = await run()
    violations.push(...leaksIn(output.text()))
    if (violations.length > 0) throw new Error(violations.join('\n'))
  } catch (error) {
    throw new Error(`${textOf(error)}\n\nAfter:\n${model.steps.join('\n')}\n\nLog:\n${output.text()}`, {
      cause: error,
    })
  } finally {
    model.webhook.set('lose')
    output.stop()
  }
}

/**
 * Texts, addresses and secrets that every scenario contains and that no line of the log may
 * contain.
 */
const planted = /(title|place|Note|Booked|Retitled) \d|harbour\.example|Olive|a secret|X-Planted/i
const secretNames = ['GOOGLE_CLIENT_SECRET', 'TOKEN_ENCRYPTION_KEYS', 'CRON_SECRET', 'NEXTAUTH_SECRET']

export const leaksIn = (log: string): string[] => {
  const secrets = secretNames.filter((name) => log.includes(process.env[name] ?? name))
  return [
    ...(tokenForm.test(log) ? ['a token was written to the log'] : []),
    ...(planted.test(log) ? [`written to the log: ${log.match(planted)?.[0]}`] : []),
    ...secrets.map((name) => `${name} was written to the log`),
  ]
}

export const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause ? `\nbecause ${textOf(error.cause)}` : ''
  const detail = 'detail' in error ? `\n${error.detail}\n${JSON.stringify(error)}` : ''
  return `${error.stack ?? error.message}${detail}${cause}`
}

export const runCommand = async (model: Model, command: Command): Promise<void> => {
  if (command.do === 'sync') return runSync(model, command)
  return isOfEnvironment(command) ? changeEnvironment(model, command) : asPerson(model, command)
}

/** Captures the product's log lines instead of printing them. */
export const captureLog = () => {
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
