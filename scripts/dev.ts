import path from 'node:path'
import { owner, staff } from './accounts.ts'
import { nextBinary } from './build.ts'
import { flags } from './process/arguments.ts'
import { startChild } from './process/children.ts'
import { run } from './process/cli-error.ts'
import { dataFolder } from './process/root.ts'
import { startServices } from './process/services.ts'
import { supervise } from './process/supervise.ts'

await run(async () => {
  const { fresh } = flags(process.argv.slice(2), ['fresh'])
  await supervise(async () => {
    const { appUrl, googleUrl, env, google } = await startServices({ script: 'dev', fresh })
    console.log(`\n"Google Calendar" at ${googleUrl}; sign in as ${[owner, ...staff].join(', ')}.\n`)
    const server = startChild({
      name: 'The development server',
      args: [nextBinary, 'dev', '--hostname', 'localhost', '--port', new URL(appUrl).port],
      env: { ...env, NODE_ENV: 'development', FORCE_COLOR: process.stdout.isTTY ? '1' : undefined },
      log: path.join(dataFolder, 'logs/dev.log'),
      echo: true,
    })
    return [google, server]
  })
})
