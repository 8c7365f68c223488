import type { Caller } from '../caller.ts'
import { runVerb } from '../run-verb.ts'
import { cleaned } from './input.ts'
import { refused, type ToolAnswer } from './present.ts'
import type { AgentTool } from './tools.ts'

/** One call of a tool, through whichever interface it came. */
export const callTool = async (caller: Caller, tool: AgentTool, given: unknown): Promise<ToolAnswer> => {
  const said = cleaned(given)
  const callId = callIdOf(said) ?? caller.callId
  const input = said && callId !== null ? { ...said, callId } : said
  const answer = await runVerb({ ...caller, callId }, tool.name, loggedOf(input ?? {}), () =>
    tool.run({ ...caller, callId }, input),
  )
  return answer.ok ? answer : refused(answer)
}

const callIdOf = (said: Record<string, unknown> | null): string | null => {
  const callId = said?.callId
  return typeof callId === 'string' && callId.length <= 200 ? callId : null
}

/** Facts that prove who the caller is are logged by their names only, as in `proof`. */
const loggedOf = ({ reference, surname, phoneLast4, ...asked }: Record<string, unknown>) => {
  const proof = { reference, surname, phoneLast4 }
  const given = Object.fromEntries(Object.entries(proof).filter(([, fact]) => fact !== undefined))
  return Object.keys(given).length > 0 ? { ...asked, proof: given } : asked
}
