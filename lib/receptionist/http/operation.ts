import type { z } from 'zod'
import type { Answer } from '../answer.ts'
import type { Caller } from '../caller.ts'
import type { Code } from '../codes.ts'
import type { VerbName } from '../verb-needs.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

type Input<Query, Body> = { id: string; query: Query; body: Body; revision: number }

type Of<Query extends z.ZodType, Body extends z.ZodType, T extends object> = {
  /** `operationId` of the document. */
  id: string
  tag: string
  method: Method
  /** Below /api/v1. `{id}` is a UUID; others are answered with `notFound`. */
  path: string
  verb: VerbName
  summary: string
  description: string
  query?: Query
  body?: Body
  /** The revision that the sender knows, in `If-Match`. */
  takesRevision?: boolean
  answer: z.ZodType<T>
  /** With `Location` if the answer made something that has an address. */
  status?: (answer: T) => number
  location?: (answer: T) => string
  /** Beside those that every operation has. */
  codes: readonly Code[]
  /** For people: a command that works as it is, with the variables of the one before it. */
  curl: string
  example: { body?: z.input<Body>; answer: T }
  /** A method, so that operations of different shapes are of one type. */
  run(caller: Caller, input: Input<z.output<Query>, z.output<Body>>): Promise<Answer<T>>
}

export type Operation = Omit<Of<z.ZodType, z.ZodType, object>, 'status' | 'location' | 'example'> & {
  status?(answer: object): number
  location?(answer: object): string
  example: { body?: unknown; answer: object }
}

/** Checks that the parts of an operation fit each other. */
export const operation = <Query extends z.ZodType, Body extends z.ZodType, T extends object>(
  given: Of<Query, Body, T>,
): Operation => given as Operation
