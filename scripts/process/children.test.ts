import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startChild, stopChildren, untilReady } from './children.ts'

let folder: string
let scripts = 0

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'children-'))
})

afterEach(stopChildren)
afterAll(() => rm(folder, { recursive: true }))

async function start(text: string, name = 'The child') {
  const script = path.join(folder, `script-${scripts++}.mjs`)
  await writeFile(script, text)
  return startChild({ name, args: [script], env: process.env, log: `${script}.log` })
}

const answering = `
  import http from 'node:http'
  const server = http.createServer((_, answer) => answer.end()).listen(Number(process.env.TEST_PORT), '127.0.0.1')
`

test('tail returns the last lines, and the log has all of them', async () => {
  const child = await start("for (let n = 1; n <= 50; n++) console.log('line ' + n); process.exitCode = 3")
  expect(await child.ended).toEqual({ code: 3, signal: null })
  expect(child.tail().split('\n')).toEqual(Array.from({ length: 40 }, (_, index) => `line ${index + 11}`))
  const log = await readFile(path.join(folder, `script-${scripts - 1}.mjs.log`), 'utf8')
  expect(log.split('\n').filter(Boolean)).toHaveLength(50)
})

test('untilReady names a child that ends before it answers, with its last lines', async () => {
  const child = await start("console.error('no database'); process.exit(1)", 'The server')
  await expect(untilReady({ child, url: 'http://127.0.0.1:1/', seconds: 20 })).rejects.toThrow(
    'The server ended before it was ready:\nno database',
  )
})

test('a child that answers is ready, and stop ends it', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const child = await start(answering.replace('process.env.TEST_PORT', String(port)))
  await untilReady({ child, url: `http://127.0.0.1:${port}/`, seconds: 20 })
  expect(child.hasEnded()).toBe(false)
  await child.stop()
  expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' })
})

test('a child ends with its parent, even after SIGKILL', async () => {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as net.AddressInfo
  const endless = path.join(folder, 'endless.mjs')
  await writeFile(endless, `import net from 'node:net'; net.connect(${port}, '127.0.0.1')`)
  const parent = path.join(folder, 'parent.ts')
  const children = path.join(import.meta.dirname, 'children.ts')
  await writeFile(
    parent,
    `import { startChild } from ${JSON.stringify(children)}
     startChild({ name: 'x', args: [${JSON.stringify(endless)}], env: process.env, log: ${JSON.stringify(`${endless}.log`)} })`,
  )
  const connected = new Promise<net.Socket>((resolve) => server.once('connection', resolve))
  const running = spawn(process.execPath, [parent], { stdio: 'ignore' })
  const socket = await connected
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  socket.resume()
  running.kill('SIGKILL')
  await closed
  await new Promise((resolve) => server.close(resolve))
})
