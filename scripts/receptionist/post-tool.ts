import { z } from 'zod'
import { CliError } from '../process/cli-error.ts'

const timeSchema = z.object({ date: z.string(), weekday: z.string(), time: z.string(), say: z.string().optional() })
export type Time = z.infer<typeof timeSchema>

/** What the scripts read of an answer. */
const replySchema = z.object({
  ok: z.boolean(),
  say: z.string(),
  code: z.string().optional(),
  days: z.array(z.object({ date: z.string(), say: z.string() })).default([]),
  slots: z.array(timeSchema.extend({ say: z.string(), members: z.array(z.object({ name: z.string() })) })).default([]),
  alternatives: z.array(timeSchema).default([]),
  hold: z.string().optional(),
  alreadyBooked: z.boolean().default(false),
  appointment: timeSchema.extend({ id: z.string(), reference: z.string(), status: z.string() }).optional(),
  appointments: z.array(z.object({ id: z.string(), status: z.string() })).default([]),
})
export type Reply = z.infer<typeof replySchema>

export type Server = { appUrl: string; secret: string }

/** Calls a tool as a voice platform does; null if the key is not accepted. */
export const postTool = async (
  { appUrl, secret }: Server,
  tool: string,
  input: object,
  signal?: AbortSignal,
): Promise<Reply | null> => {
  const response = await fetch(`${appUrl}/api/v1/agent/${tool}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
    ...(signal && { signal }),
  })
  if (response.status === 401) return null
  if (!response.ok) throw new CliError(`${tool} was answered with HTTP ${response.status}.`)
  return replySchema.parse(await response.json())
}
