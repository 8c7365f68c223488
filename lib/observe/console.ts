import path from 'node:path'
import { log, nameOfError } from './log.ts'

/**
 * Next and other packages print errors and warnings as they are, with the parameters of failed
 * queries and with text of visitors. Here each call becomes one line of our log: class and code of
 * the error, and the places in the code. No argument is copied.
 */

const levels = {
  error: 'error',
  warn: 'warn',
  log: 'info',
  info: 'info',
  debug: 'info',
  trace: 'info',
} as const
type Method = keyof typeof levels

export const routeConsoleToLog = () => {
  for (const method of Object.keys(levels) as Method[])
    console[method] = (...given: unknown[]) => {
      const error = given.find((value) => value instanceof Error)
      log(levels[method], 'console', {
        error: error && nameOfError(error),
        // The first frame of our own error is this function.
        places: error ? placesOf(error) : placesOf(new Error()).split(' < ').slice(1).join(' < '),
      })
    }
}

const maxPlaces = 5
const frame = /^ {4}at (?:.* \()?((?:node:|file:\/\/|\/)[\w@%./:()[\]$+~-]+:\d+:\d+)\)?$/

/** `file:line:column` of the innermost frames. The message, which begins a stack, is cut off. */
const placesOf = ({ message, stack = '' }: Error): string => {
  const head = stack.indexOf(message)
  if (head < 0) return ''
  const root = `${process.cwd()}${path.sep}`
  return stack
    .slice(head + message.length)
    .split('\n')
    .flatMap((line) => frame.exec(line)?.[1]?.replace('file://', '') ?? [])
    .filter((place) => place.startsWith('node:') || place.startsWith(root))
    .map((place) => place.replace(root, ''))
    .slice(0, maxPlaces)
    .join(' < ')
}
