import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { checkWall } from '../doctor/database.ts'
import { freePort } from '../process/ports.ts'
import { root } from '../process/root.ts'
import { startPostgres } from './postgres.ts'

const exec = promisify(execFile)
const hasPsql = await exec('psql', ['--version']).catch(() => null)

// As the image of Postgres runs it once, in a new volume: an administrator, and nothing else yet.
test.skipIf(!hasPsql)('containers give the product an account that the second wall holds', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'account-'))
  const server = await startPostgres({
    folder: path.join(folder, 'cluster'),
    port: await freePort(),
    throwaway: true,
  })
  onTestFinished(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })
  const { port, password } = new URL(server.url)
  await exec('sh', [path.join(root, 'deploy/database-account.sh')], {
    env: {
      ...process.env,
      PGHOST: '127.0.0.1',
      PGPORT: port,
      PGPASSWORD: password,
      POSTGRES_PASSWORD: 'of the product',
    },
  })
  const url = `postgres://sophiie:of%20the%20product@127.0.0.1:${port}/sophiie`
  await migrate(url)
  const database = connect(url)
  const found = await checkWall(database)
  await database.close()
  expect(found).toMatchObject({ state: 'fine' })
})
