import { stripVTControlCharacters } from 'node:util'

/**
 * What may be in a log: lines that `lib/observe/log.ts` wrote, without anything that people typed,
 * and without secrets.
 */

/** Google's tokens, and signed or encrypted ones: sessions and identities. */
const tokenForm = /ya29\.|1\/\/0[A-Za-z0-9_-]{6}|\beyJ[A-Za-z0-9_-]{12}/

/** What Next prints at each start, before the product's code runs; restarts share a file. */
const atStart = [
  /^\s*▲ Next\.js [\d.]+/,
  /^\s*- (Local|Network|Environments|Experiments[^:]*):? /,
  /^\s*✓ (Starting|Ready|Running)/,
]

const levels = ['info', 'warn', 'error']

/** Written by `log`: one object with a time, a level and the name of an event. */
export const isLogLine = (line: string): boolean => {
  try {
    const { at, level, event } = JSON.parse(line) as Record<string, unknown>
    return typeof at === 'string' && !Number.isNaN(Date.parse(at)) && levels.includes(String(level)) && isName(event)
  } catch {
    return false
  }
}

const isName = (event: unknown) => typeof event === 'string' && /^[a-z][\w.-]*$/.test(event)

const isExpected = (line: string) => {
  if (line.trim() === '' || isLogLine(line)) return true
  // Next colours what it prints, also into a file.
  const plain = stripVTControlCharacters(line)
  return atStart.some((form) => form.test(plain))
}

/** One sentence for each fault of a process's output. `words`: what people typed, and secrets. */
export const faultsInOutput = (output: string, words: Iterable<string>): string[] => [
  ...output
    .split('\n')
    .filter((line) => !isExpected(line))
    .map((line) => `a line that log.ts did not write: ${line.slice(0, 200)}`),
  ...leaksIn(output, words),
]

/** Words that occur in a text; also as JSON or a URL would write them. */
export const leaksIn = (text: string, words: Iterable<string>): string[] => {
  const forms = (word: string) => [word, JSON.stringify(word).slice(1, -1), encodeURIComponent(word.toWellFormed())]
  const leaked = [...new Set(words)].filter((word) => forms(word).some((form) => text.includes(form)))
  return [
    ...leaked.map((word) => `the log contains “${word}”`),
    ...(tokenForm.test(text) ? ['the log contains a token'] : []),
  ]
}

/**
 * Long enough, and of several words or with a digit or `@`: shorter ones occur by chance. Dates,
 * instants and UUIDs may be in a log.
 */
export const isDistinct = (word: string): boolean =>
  word.length >= 8 && /[\s@\d]/.test(word.trim()) && !generated.test(word)

const generated = /^(\d{4}-\d\d-\d\d(T[\d:.]+Z?)?|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/
