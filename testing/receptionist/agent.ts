import { expect } from 'vitest'
import { z } from 'zod'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { answerTool } from '#lib/receptionist/agent/http.ts'
import { toolAnswerSchema, toolCodes } from '#lib/receptionist/agent/openapi.ts'
import { toolNamed } from '#lib/receptionist/agent/tools.ts'
import { scopes } from '#lib/receptionist/caller.ts'
import { addKey } from '#lib/receptionist/keys/mutations.ts'
import type { NewKey } from '#lib/receptionist/keys/schema.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService } from '#lib/services/schema.ts'
import { insertBusiness, type SampleBusiness } from '../appointment-sample.ts'
import type { TestDatabase } from '../database.ts'

/** A business with two services, and a key for agents. */
export const insertAgentBusiness = async (database: TestDatabase, key: Partial<NewKey> = {}) => {
  const business = await insertBusiness(database.db as Db)
  const { businessId, owner: memberId } = business
  const db = tenantDb(database, businessId)
  for (const service of [
    { name: 'Leaking tap', otherNames: ['dripping tap'], durations: [60, 90] },
    { name: 'Kitchen tap fitting', durations: [60] },
  ]) {
    const added = await addService(db, { businessId, memberId }, { ...emptyService, ...service })
    if (!added.ok) throw new Error(added.message)
  }
  return { ...business, secret: await insertKey(database, business, key) }
}

export const insertKey = async (
  database: TestDatabase,
  { businessId, owner: memberId }: SampleBusiness,
  given: Partial<NewKey> = {},
): Promise<string> => {
  const key = { name: 'Agent', scopes: [...scopes], test: false, serviceIds: null, memberIds: null, ...given }
  const added = await addKey(tenantDb(database, businessId), { businessId, memberId }, key)
  if (!added.ok) throw new Error(added.message)
  return added.secret
}

/** A slot, an alternative or an appointment, as tools name its time. */
export type Time = { date: string; weekday: string; time: string; start: string; say: string }

/** What tests read of an answer. */
export type ToolReply = {
  ok: boolean
  say: string
  code?: string
  fields?: Record<string, string>
  days?: { date: string; say: string }[]
  slots?: Time[]
  alternatives?: Time[]
  hold?: string
  alreadyBooked?: boolean
  appointment?: Time & { id: string; reference: string; status: string; members: { id: string; name: string }[] }
  appointments?: (Time & { id: string })[]
}

/** Calls tools as a platform without MCP does. */
export const toolsByHttp =
  (secret: string, more: Record<string, string> = {}) =>
  async (tool: string, input: unknown = {}): Promise<ToolReply> => {
    const response = await answerTool(
      new Request(`http://localhost/api/v1/agent/${tool}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...more },
        body: typeof input === 'string' ? input : JSON.stringify(input),
      }),
      tool,
    )
    if (response.status !== 200) throw new Error(`${tool} was answered with ${response.status}.`)
    const reply: ToolReply = await response.json()
    compare(tool, reply)
    return reply
  }

/** An answer is what the document says, and its code one of those of the tool. */
const compare = (name: string, reply: ToolReply) => {
  const tool = toolNamed(name)
  if (!tool) throw new Error(`There is no tool ${name}.`)
  z.parse(toolAnswerSchema(tool), reply)
  if (!reply.ok) expect(toolCodes(tool), `${name}: ${reply.say}`).toContain(reply.code)
}

export const timeOf = ({ date, weekday, time }: Time) => ({ date, weekday, time })
