import { answerTool, onlyPost } from '#lib/receptionist/agent/http.ts'

export const maxDuration = 60

/** A tool of agents as plain HTTP: always 200, also for what is refused. */
export const POST = async (request: Request, { params }: { params: Promise<{ tool: string }> }): Promise<Response> =>
  answerTool(request, (await params).tool)

export { onlyPost as DELETE, onlyPost as GET, onlyPost as PATCH, onlyPost as PUT }
