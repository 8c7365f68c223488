import { answerTool } from '#lib/receptionist/agent/http.ts'

/** A tool of agents as plain HTTP: always 200, also for what is refused. */
export const POST = async (request: Request, { params }: { params: Promise<{ tool: string }> }): Promise<Response> =>
  answerTool(request, (await params).tool)
