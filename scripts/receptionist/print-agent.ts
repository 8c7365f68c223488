import { Temporal } from 'temporal-polyfill'
import type { Demo } from './demo-key.ts'
import { postTool, type Time } from './post-tool.ts'

/** Three lines to try: find a time, book it, connect an agent. */
export const agentLines = async (demo: Demo): Promise<string[]> => {
  const service = 'Leaking tap'
  const tomorrow = Temporal.Now.plainDateISO().add({ days: 1 }).toString()
  const found = await postTool(demo, 'find_times', { service, from: tomorrow, limit: 1 })
  const [slot] = found?.slots ?? []
  const book = slot && { service, ...onClock(slot), name: 'Alex Taylor', phone: '0491 570 156' }
  return [
    curl(demo, 'find_times', { service, from: tomorrow }),
    ...(book ? [curl(demo, 'book_appointment', book)] : []),
    `MCP  ${demo.appUrl}/api/mcp   Authorization: Bearer ${demo.secret}`,
  ]
}

const onClock = ({ date, weekday, time }: Time) => ({ date, weekday, time })

const curl = ({ appUrl, secret }: Demo, tool: string, input: object) => {
  const headers = [`Authorization: Bearer ${secret}`, 'Content-Type: application/json']
  return `curl ${appUrl}/api/v1/agent/${tool} ${headers.map((header) => `-H '${header}'`).join(' ')} -d '${JSON.stringify(input)}'`
}
