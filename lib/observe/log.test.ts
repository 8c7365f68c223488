import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, test } from 'vitest'

const script = `
  import { log, ignoreOutputErrors } from ${JSON.stringify(path.join(import.meta.dirname, 'log.ts'))}
  ignoreOutputErrors()
  log('info', 'started')
  process.stdin.once('data', () => {
    log('info', 'to-closed-pipe')
    setTimeout(() => process.exit(3), 50)
  })`

test('a process survives a closed stdout and stderr', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stderr.destroy()
  child.stdin.write('go on')
  const [code] = await once(child, 'exit')
  expect(code).toBe(3)
})
