import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { checkTenantScope } from '../doctor/database.ts'
import { freePort } from '../process/ports.ts'
import { root } from '../process/root.ts'
import { startPostgres } from './postgres.ts'

const exec = promisify(execFile)
const hasPsql = await exec('psql', ['--version']).catch(() => null)

// Like the first start of the Postgres image with an empty volume: the only role is a superuser.
test.skipIf(!hasPsql)('the account that compose.yaml creates is bound by row-level security', async () => {
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
      POSTGRES_PASSWORD: 'product password',
    },
  })
  const url = `postgres://sophiie:product%20password@127.0.0.1:${port}/sophiie`
  await migrate(url)
  const database = connect(url)
  const found = await checkTenantScope(database)
  await database.close()
  expect(found).toMatchObject({ state: 'ok' })
})
