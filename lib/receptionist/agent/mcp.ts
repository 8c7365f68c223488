import type { McpServer, StandardSchemaWithJSON } from '@modelcontextprotocol/server'
import { createMcpHandler } from 'mcp-handler'
import type { Caller } from '../caller.ts'
import { callTool } from './call-tool.ts'
import { instructions } from './instructions.ts'
import type { ToolAnswer } from './present.ts'
import { type AgentTool, schemasOf, tools } from './tools.ts'

/**
 * Serves one MCP request of a key, of revision 2026-07-28 or of an older client. There are no
 * sessions: every request carries its key and is answered on its own.
 */
export const serveMcp = (caller: Caller, request: Request): Promise<Response> =>
  createMcpHandler((server) => registerTools(server, caller), {
    serverInfo: { name: 'sophiie-calendar', version: '1.0.0' },
    instructions,
    capabilities: { tools: { listChanged: false } },
    // The list never changes while a client is connected.
    maxSubscriptions: 0,
    telemetry: false,
  })(request)

const registerTools = (server: McpServer, caller: Caller) => {
  for (const { tool, input, output } of registered)
    server.registerTool(tool.name, { ...described(tool), inputSchema: input, outputSchema: output }, async (given) =>
      toResult(tool, await callTool(caller, tool, given)),
    )
}

const described = ({ title, description, annotations }: AgentTool) => ({ title, description, annotations })

/** Checked by the tool itself, which answers in words. */
const unchecked = (json: Record<string, unknown>): StandardSchemaWithJSON => ({
  '~standard': {
    ...{ version: 1, vendor: 'sophiie' },
    validate: (value) => ({ value }),
    jsonSchema: { input: () => json, output: () => json },
  },
})

const registered = tools.map((tool) => {
  const { input, output } = schemasOf(tool)
  return { tool, input: unchecked(input), output: unchecked(output) }
})

const toResult = (tool: AgentTool, answer: ToolAnswer) => ({
  content: [{ type: 'text' as const, text: JSON.stringify(answer) }],
  structuredContent: answer,
  ...(isError(tool, answer) && { isError: true }),
})

/** Input that the model must repair. That a time is taken is an ordinary answer. */
const isError = ({ name }: AgentTool, answer: ToolAnswer): boolean => {
  if (answer.ok) return false
  const isDeadHold = name === 'book_appointment' && (answer.code === 'held-expired' || answer.code === 'not-found')
  return isDeadHold || repairable.includes(answer.code)
}

const repairable: readonly string[] = ['invalid', 'bad-phone', 'no-such-time', 'weekday-mismatch']
