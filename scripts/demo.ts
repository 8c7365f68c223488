import path from 'node:path'
import { ownCalendars, owner, staff } from './accounts.ts'
import { ensureBuild, nextBinary } from './build.ts'
import { flags } from './process/arguments.ts'
import { startChild, untilReady } from './process/children.ts'
import { run } from './process/cli-error.ts'
import { dataFolder } from './process/root.ts'
import { type Services, startServices } from './process/services.ts'
import { step } from './process/steps.ts'
import { supervise } from './process/supervise.ts'
import { ensureDemoKey } from './receptionist/demo-key.ts'
import { agentLines } from './receptionist/print-agent.ts'

async function startServer({ appUrl, env }: Services) {
  const child = startChild({
    name: 'The server',
    args: [nextBinary, 'start', '--hostname', 'localhost', '--port', new URL(appUrl).port],
    env: { ...env, NODE_ENV: 'production' },
    log: path.join(dataFolder, 'logs/server.log'),
  })
  await untilReady({ child, url: `${appUrl}/api/health`, seconds: 30 })
  return child
}

function printAddresses({ appUrl, googleUrl }: Services, agent: string[]) {
  console.log(`
  Sophiie Calendar    ${appUrl}
  "Google Calendar"   ${googleUrl}/calendar?account=${owner}
  of two members      ${ownCalendars.map((email) => `${googleUrl}/calendar?account=${email}`).join(`\n${' '.repeat(22)}`)}

  Sign in as the owner, ${owner}, or as staff: ${staff.join(', ')}.
  A voice agent finds a time, books it, or connects by MCP; npm run call plays a whole phone call:

${agent.map((line) => `  ${line}`).join('\n')}

  Ctrl-C stops everything. Your data is kept for the next start; npm run demo -- --fresh starts over.
`)
}

await run(async () => {
  const { fresh } = flags(process.argv.slice(2), ['fresh'])
  await supervise(async () => {
    const services = await startServices({ script: 'demo', fresh })
    await step({
      name: 'Production build',
      work: ensureBuild,
      note: ({ built }) => (built ? undefined : 'up to date'),
    })
    const server = await step({ name: 'Server', work: () => startServer(services) })
    const key = await step({
      name: 'Key for voice agents',
      work: () => ensureDemoKey({ appUrl: services.appUrl, databaseUrl: services.databaseUrl }),
    })
    printAddresses(services, await agentLines(key))
    return [services.google, server]
  })
})
