import { z } from 'zod'
import type { ZodOpenApiMediaTypeObject, ZodOpenApiResponsesObject } from 'zod-openapi'
import { type Refused, refuse } from '../answer.ts'
import { type Code, statusOf } from '../codes.ts'
import { problemSchema } from '../schema.ts'
import { slot } from './examples.ts'
import { didNotGetIt } from './parse.ts'
import { problemOf, titles } from './problem.ts'

/** Parts of the OpenAPI document that operations and agent tools share. */

export const callIdHeader = z.string().max(200).optional().meta({
  description: 'Your id of the phone call, for requests whose body has no `callId`.',
  example: 'call_8f3a',
})

export const headerText = (description: string) => z.string().meta({ description })

/** Codes that may come with the time of the next attempt. */
const waits: readonly Code[] = ['rate-limited', 'idempotency-running', 'unavailable']

/** One response for each status of the codes. */
export const problemResponses = (all: readonly Code[]): ZodOpenApiResponsesObject => {
  const byStatus = Map.groupBy(all, (code) => statusOf[code])
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${titles[code]}.`).join(' '),
        ...(codes.some((code) => waits.includes(code)) && {
          headers: z.object({ 'Retry-After': headerText('Seconds.').optional() }),
        }),
        ...(status === 401 && { headers: z.object({ 'WWW-Authenticate': headerText('`Bearer`.') }) }),
        content: problemContent(codes),
      },
    ]),
  )
}

export const problemContent = (codes: readonly Code[]): Record<string, ZodOpenApiMediaTypeObject> => {
  const examples = codes.map((code) => [code, { value: problemOf(exampleRefusal(code)) }])
  return { 'application/problem+json': { schema: problemSchema, examples: Object.fromEntries(examples) } }
}

export const exampleRefusal = (code: Code): Refused =>
  refuse(code, sayings[code] ?? didNotGetIt, {
    ...(code === 'taken' && { alternatives: [slot] }),
    ...(code === 'invalid' && { fields: { duration: 'Give whole minutes.' } }),
  })

const sayings: Partial<Record<Code, string>> = {
  taken: 'That time is taken.',
  closed: 'We are closed then.',
  'too-soon': 'That is too short notice for us.',
  'too-far': 'That is further ahead than we can book.',
  'not-found': 'I can’t find that appointment.',
  'weekday-mismatch': 'Thursday is the 26th of November; Friday is the 27th of November. Which day is it?',
  unavailable: 'I can’t reach the calendar right now. Please try again in a moment.',
}
