import type { z } from 'zod'
import { type Refused, refuse } from '../answer.ts'

/** What an agent sent, checked in two steps: as a tool's flat object, and as a verb's request. */

export type Parsed<T> = { ok: true; value: T } | Refused

const numeric = new Set(['duration', 'seconds', 'limit', 'every', 'times'])

/**
 * Models send `null` and `''` for what they leave out, and numbers as text or the reverse. Null if
 * it is no object.
 */
export const cleaned = (given: unknown): Record<string, unknown> | null => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const entries = Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
    if (value === null || (typeof value === 'string' && value.trim() === '')) return []
    if (name === 'repeat') return [[name, cleaned(value) ?? value]]
    if (name === 'skipUnavailable') return [[name, value === 'true' || value]]
    if (numeric.has(name)) return [[name, typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value]]
    return [[name, typeof value === 'number' ? String(value) : value]]
  })
  return Object.fromEntries(entries)
}

/** Fields that the schema does not know are left out. */
export const parse = <T extends z.ZodType>(schema: T, given: unknown): Parsed<z.infer<T>> => {
  const parsed = schema.safeParse(given)
  return parsed.success ? { ok: true, value: parsed.data } : refusedInput(parsed.error.issues)
}

/** A verb names some fields otherwise, and nests others. */
const agentNames: Record<string, string> = { start: 'time', proof: 'reference' }

const refusedInput = (issues: z.core.$ZodIssue[]): Refused => {
  const fields = issues.map((issue) => ({ name: nameOf(issue), issue }))
  const [first] = fields
  return refuse('invalid', first ? question(first.name, first.issue) : unclear, {
    fields: Object.fromEntries(fields.map(({ name, issue }) => [name, sentence(issue)])),
  })
}

const nameOf = ({ path }: z.core.$ZodIssue): string => {
  const name = String(path.at(-1) ?? 'arguments')
  return agentNames[name] ?? name
}

const sentence = ({ code, message, input }: z.core.$ZodIssue): string =>
  code === 'invalid_type' && input === undefined ? 'This is missing.' : message

const unclear = 'Sorry, I didn’t catch that. Could you say it again?'

/** What to ask the caller for, so that the model can send a better value. */
const questions: Record<string, string> = {
  date: 'Which day would you like?',
  weekday: 'Which day of the week is that?',
  time: 'What time would you like?',
  from: 'Which day would you like?',
  service: 'What is it for?',
  duration: 'How long should it be?',
  name: 'What name is it under?',
  phone: 'What is the best phone number for you?',
  email: 'Could you spell the e-mail address for me?',
  wish: 'What should I pass on?',
  reference: 'What is the reference of the appointment?',
  surname: 'What is the surname it was booked under?',
  phoneLast4: 'What are the last four digits of the phone number?',
}

const question = (name: string, { code }: z.core.$ZodIssue): string =>
  code === 'too_big' ? 'That is a bit long for me. Could you put it more briefly?' : (questions[name] ?? unclear)
