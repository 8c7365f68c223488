import { z } from 'zod'
import type { ZodOpenApiOperationObject } from 'zod-openapi'
import { type Code, codes } from '../codes.ts'
import { callIdHeader, exampleRefusal, problemResponses } from '../http/document-parts.ts'
import { operations } from '../http/operations/all.ts'
import { needsOf } from '../verb-needs.ts'
import { examples } from './examples.ts'
import { refused } from './present.ts'
import { type AgentTool, tools } from './tools.ts'

/** The agent tools in the OpenAPI document, as plain HTTP takes them. */

export const toolTag = 'Agent tools'

export const toolTagText = `The eight tools of \`/api/mcp\` for platforms without the Model Context Protocol. They need no \
\`Idempotency-Key\`, and times are a date, its weekday and a wall time of the business. The answer is 200 also when a \
tool refuses: then \`ok\` is false, and \`code\` says why. Unknown fields are ignored.`

export const toolPaths = (): Record<string, { post: ZodOpenApiOperationObject }> =>
  Object.fromEntries(tools.map((tool) => [`/agent/${tool.name}`, { post: toOperation(tool) }]))

const toOperation = (tool: AgentTool): ZodOpenApiOperationObject => {
  const scopes = needsOf(tool.name, {}).scopes
  const { input, answer, curl } = exampleOf(tool)
  return {
    ...{ operationId: toolId(tool), tags: [toolTag], summary: tool.title },
    description: `${tool.description}\n\nScopes: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`,
    'x-scopes': scopes,
    'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: curl }],
    requestParams: { header: z.object({ 'X-Call-Id': callIdHeader }) },
    requestBody: { required: true, content: { 'application/json': { schema: tool.input, example: input } } },
    responses: {
      200: {
        description: `${tool.title}, or why not.`,
        content: {
          'application/json': {
            schema: toolAnswerSchema(tool),
            examples: { done: { value: answer }, ...refusals(tool) },
          },
        },
      },
      ...problemResponses(['unauthorized', 'method-not-allowed', 'rate-limited']),
    },
  }
}

/** `book_appointment` is `agentBookAppointment`. */
const toolId = ({ name }: AgentTool) =>
  `agent_${name}`.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

const exampleOf = ({ name }: AgentTool) => {
  const example = examples[name]
  if (!example) throw new Error(`${name} has no example.`)
  return example
}

/** What the tool promises, and what every refusal may have. */
export const toolAnswerSchema = ({ output }: AgentTool) =>
  opened(
    output.extend({
      code: z.enum(codes).optional().meta({ description: 'Why not, if `ok` is false.' }),
      fields: z.record(z.string(), z.string()).optional().meta({ description: 'Field to what is wrong with it.' }),
      retryAfterSeconds: z.int().optional(),
    }),
  )

/** A tool promises less than it answers, as its schemas cost a model tokens. */
const opened = (schema: z.core.$ZodType): z.core.$ZodType => {
  if (schema instanceof z.ZodObject)
    return z.looseObject(Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, opened(field)])))
  if (schema instanceof z.ZodArray) return z.array(opened(schema.element))
  if (schema instanceof z.ZodOptional && !z.globalRegistry.has(schema)) return z.optional(opened(schema.unwrap()))
  return schema
}

const refusals = (tool: AgentTool) =>
  Object.fromEntries(toolCodes(tool).map((code) => [code, { value: refused(exampleRefusal(code)) }]))

/** The codes of a tool's refusals: those of the same verb in REST, and those of its own input. */
export const toolCodes = ({ name, input }: AgentTool): Code[] => {
  const always: Code[] = ['invalid', 'forbidden', 'too-large', 'unsupported-media-type', 'rate-limited', 'unavailable']
  const ofVerb = operations.find(({ verb }) => verb === name)?.codes ?? []
  const ofDate: Code[] = 'weekday' in input.shape ? ['no-such-time', 'weekday-mismatch'] : []
  const ofPhone: Code[] = 'phone' in input.shape ? ['bad-phone'] : []
  return [...new Set([...always, ...ofVerb, ...ofDate, ...ofPhone])].filter((code) => code !== 'revision-missing')
}
