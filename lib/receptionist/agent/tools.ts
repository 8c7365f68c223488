import { z } from 'zod'
import type { Caller } from '../caller.ts'
import type { VerbName } from '../verb-needs.ts'
import { cancel, cancelInput, findAppointments, move, moveInput, searchInput } from './appointments.ts'
import { book, bookInput, messageInput, takeMessage } from './book.ts'
import { parse } from './input.ts'
import type { ToolAnswer } from './present.ts'
import { contextInput, findInput, findTimes, getContext, holdInput, holdSaidTime } from './times.ts'

/** What a host may assume of a tool before it asks a person. */
type Annotations = { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean }

export type AgentTool = {
  /** Also what the log of calls shows, and what decides the scopes. */
  name: VerbName
  title: string
  description: string
  annotations: Annotations
  input: z.ZodObject
  output: z.ZodObject
  run: (caller: Caller, given: unknown) => Promise<ToolAnswer>
}

type Definition<T extends z.ZodObject> = Omit<AgentTool, 'run' | 'annotations'> & {
  annotations: Partial<Annotations>
  input: T
  work: (caller: Caller, input: z.infer<T>) => Promise<ToolAnswer>
}

const tool = <T extends z.ZodObject>({ work, annotations, ...rest }: Definition<T>): AgentTool => ({
  ...rest,
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: false,
    openWorldHint: false,
    ...annotations,
  },
  run: async (caller, given) => {
    const input = parse(rest.input, given)
    return input.ok ? await work(caller, input.value) : input
  },
})

const answer = { ok: z.boolean(), say: z.string(), code: z.string().optional() }
const time = z.object({ date: z.string(), weekday: z.string(), time: z.string(), say: z.string() })
const alternatives = z.array(time).optional()
const appointment = z.object({ id: z.string(), date: z.string(), weekday: z.string(), time: z.string() })

const reading = { readOnlyHint: true, idempotentHint: true }

/** In the order in which a call uses them; hosts cache by it. */
export const tools: readonly AgentTool[] = [
  tool({
    name: 'get_context',
    title: 'Get context',
    description:
      'Call first. Today, the next 21 days with opening hours, services, team, and with a phone its next appointments.',
    annotations: reading,
    input: contextInput,
    output: z.object({
      ...answer,
      today: z.string().optional(),
      weekday: z.string().optional(),
      days: z.array(z.object({ date: z.string(), say: z.string() })).optional(),
      services: z.array(z.object({ name: z.string() })).optional(),
      appointments: z.array(appointment).optional(),
    }),
    work: getContext,
  }),
  tool({
    name: 'find_times',
    title: 'Find times',
    description: 'Times that can be booked, and why a day has none. Give service or duration.',
    annotations: reading,
    input: findInput,
    output: z.object({
      ...answer,
      slots: z.array(time).optional(),
      days: z.array(z.object({ date: z.string(), say: z.string() })).optional(),
    }),
    work: findTimes,
  }),
  tool({
    name: 'hold_time',
    title: 'Hold a time',
    description: 'Keeps a time for 5 minutes, or as many seconds as you give, while you ask for name and phone.',
    annotations: {},
    input: holdInput,
    output: z.object({ ...answer, hold: z.string().optional(), expiresAt: z.string().optional(), alternatives }),
    work: holdSaidTime,
  }),
  tool({
    name: 'book_appointment',
    title: 'Book an appointment',
    description:
      'Books a hold, or a date, weekday and time with a service or duration. A retry books once; ' +
      '`repeat.times` counts the first.',
    annotations: { idempotentHint: true },
    input: bookInput,
    output: z.object({
      ...answer,
      appointment: appointment.extend({ reference: z.string() }).optional(),
      alreadyBooked: z.boolean().optional(),
      alternatives,
    }),
    work: book,
  }),
  tool({
    name: 'find_appointments',
    title: 'Find appointments',
    description: 'Appointments of a phone number, upcoming first.',
    annotations: reading,
    input: searchInput,
    output: z.object({ ...answer, appointments: z.array(appointment).optional() }),
    work: findAppointments,
  }),
  tool({
    name: 'move_appointment',
    title: 'Move an appointment',
    description:
      'Moves an appointment, named by id or by reference and phone. The old time is kept until the new one is taken.',
    annotations: { destructiveHint: true, idempotentHint: true },
    input: moveInput,
    output: z.object({ ...answer, appointment: appointment.optional(), alternatives }),
    work: move,
  }),
  tool({
    name: 'cancel_appointment',
    title: 'Cancel an appointment',
    description:
      'Cancels an appointment, named by id or phone. Needs reference, surname or the last 4 digits of the ' +
      'phone it was booked with.',
    annotations: { destructiveHint: true, idempotentHint: true },
    input: cancelInput,
    output: z.object({ ...answer, appointment: appointment.optional() }),
    work: cancel,
  }),
  tool({
    name: 'leave_message',
    title: 'Leave a message',
    description: 'Leaves the owner a message to ring back, if nothing fits or you may not book.',
    annotations: {},
    input: messageInput,
    output: z.object(answer),
    work: takeMessage,
  }),
]

/** JSON Schema as a model reads it: without what every schema has. */
const jsonOf = (schema: z.ZodObject): Record<string, unknown> => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })
  return json
}

export const schemasOf = ({ input, output }: AgentTool) => ({ input: jsonOf(input), output: jsonOf(output) })

export const toolNamed = (name: string): AgentTool | undefined => tools.find((each) => each.name === name)
