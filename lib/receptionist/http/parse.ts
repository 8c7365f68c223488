import { z } from 'zod'
import { type Refused, refuse } from '../answer.ts'
import { noSuchTime } from '../say/refusals.ts'

/** What a request says, checked: problems name the field. */

export const didNotGetIt = 'I didn’t get that right. Let me try again.'

export const parsed = <T extends z.ZodType>(schema: T, value: unknown): { ok: true; value: z.output<T> } | Refused => {
  const result = schema.safeParse(value)
  return result.success ? { ok: true, value: result.data } : refusalOf(result.error, value)
}

const refusalOf = ({ issues }: z.ZodError, value: unknown): Refused => {
  const found = new Map<string, string>()
  for (const issue of issues)
    for (const [path, message] of wordsOf(issue)) if (!found.has(path)) found.set(path, message)
  const fields = Object.fromEntries(found)
  const areTimes = [...found.keys()].every((field) => isMissingTime(field, value))
  return areTimes ? { ...noSuchTime, fields } : refuse('invalid', didNotGetIt, { fields })
}

/** Of an unknown field, its own name instead of the object that has it. */
const wordsOf = (issue: z.core.$ZodIssue): [string, string][] => {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => [[...path, key].join('.').slice(0, 100), 'There is no such field.'])
  return [[path.join('.') || 'body', issue.message]]
}

/** 30 February, 25:00: it looks like a time, and there is none. */
const isMissingTime = (field: string, value: unknown): boolean => {
  const given = (Object(value) as Record<string, unknown>)[field]
  return /^(start|from|to)$/.test(field) && typeof given === 'string' && looksLikeTime.test(given)
}

const looksLikeTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/

const numbers = new Set(['duration', 'limit', 'after'])

/** The parameters of an address; numbers as such. One that is given twice is refused. */
export const parsedQuery = <T extends z.ZodType>(schema: T, query: URLSearchParams) => {
  const twice = [...query.keys()].find((name) => query.getAll(name).length > 1)
  if (twice !== undefined) return refuse('invalid', didNotGetIt, { fields: { [twice.slice(0, 100)]: 'Give it once.' } })
  const value = [...query].map(([name, text]) => [
    name,
    numbers.has(name) && /^\d{1,15}$/.test(text) ? Number(text) : text,
  ])
  return parsed(schema, Object.fromEntries(value))
}

const anyId = z.uuid()

export const isId = (text: string): boolean => anyId.safeParse(text).success

/** The revision in `If-Match: "3"`. */
export const parsedRevision = (header: string | null): { ok: true; value: number } | Refused => {
  if (header === null || header.trim() === '*') return missing
  const digits = /^\s*"(\d{1,9})"\s*$/.exec(header)?.[1]
  return digits === undefined ? mismatch : { ok: true, value: Number(digits) }
}

const missing = refuse('revision-missing', didNotGetIt, {
  fields: { 'if-match': 'Send the revision that you know, in quotes: If-Match: "3".' },
})
const mismatch = refuse('revision-mismatch', 'That appointment has just been changed. Let me look again.', {
  fields: { 'if-match': 'Send the revision in quotes: If-Match: "3".' },
})
