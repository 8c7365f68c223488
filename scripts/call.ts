import { CliError, run } from './process/cli-error.ts'
import { playConversation } from './receptionist/conversation.ts'
import { readDemo } from './receptionist/demo-key.ts'

// A scripted phone call with the running demo: prints what the caller would hear.

await run(async () => {
  const server = await readDemo()
  const isRunning = server && (await fetch(`${server.appUrl}/api/health`).catch(() => null))
  if (!isRunning) throw new CliError('The demo does not run: start it in another terminal with npm run demo.')
  const { requests, slowestMs, reference } = await playConversation({ print: console.log, server })
  console.log(`
${reference} was held, booked once, moved and cancelled. ${requests} answers, the slowest in ${Math.round(slowestMs)} ms.`)
})
