import { CliError } from './cli-error.ts'

/** Reads `--name` switches; throws a CliError that lists the known ones for anything else. */
export function flags<const Name extends string>(given: string[], known: Name[]): Record<Name, boolean> {
  const unknown = given.find((argument) => !known.some((name) => argument === `--${name}`))
  if (unknown !== undefined)
    throw new CliError(`Unknown argument ${unknown}: use ${known.map((name) => `--${name}`).join(', ')}.`)
  return Object.fromEntries(known.map((name) => [name, given.includes(`--${name}`)])) as Record<Name, boolean>
}

export const testParts = ['units', 'integration', 'browser'] as const
export type TestPart = (typeof testParts)[number]

/**
 * `units integration calendar -t drag` → the named parts (all if none is named), and the rest for
 * the runners.
 */
export function parseTestArguments(given: string[]): { parts: TestPart[]; rest: string[] } {
  const end = given.findIndex((argument) => !isTestPart(argument))
  const named = (end < 0 ? given : given.slice(0, end)).filter(isTestPart)
  return {
    parts: named.length > 0 ? [...new Set(named)] : [...testParts],
    rest: end < 0 ? [] : given.slice(end),
  }
}

const isTestPart = (argument: string): argument is TestPart => testParts.some((part) => part === argument)
