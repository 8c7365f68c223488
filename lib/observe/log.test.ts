import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, test } from 'vitest'

const script = `
  import { log, outliveReaders } from ${JSON.stringify(path.join(import.meta.dirname, 'log.ts'))}
  outliveReaders()
  log('info', 'begun')
  process.stdin.once('data', () => {
    log('info', 'to-nobody')
    setTimeout(() => process.exit(3), 50)
  })`

test('a process outlives whoever read its lines', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stderr.destroy()
  child.stdin.write('go on')
  const [code] = await once(child, 'exit')
  expect(code).toBe(3)
})
