import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'google-'))
const ics = join(folder, 'work.ics')
const event = ['BEGIN:VEVENT', 'UID:x', 'SUMMARY:Survey', 'DTSTART:20270104', 'a bad line', 'END:VEVENT']
writeFileSync(ics, ['BEGIN:VCALENDAR', 'VERSION:2.0', ...event, 'END:VCALENDAR'].join('\r\n'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Starts the emulator, waits until it lists its accounts, and returns what it printed. */
async function start(...options: string[]): Promise<string> {
  const main = join(import.meta.dirname, 'main.ts')
  const google = spawn(process.execPath, [main, '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => google.once('exit', resolve))
  let printed = ''
  google.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    if (printed.includes('<you@example.com>')) google.kill('SIGTERM')
  })
  google.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  await ended
  return printed
}

test('--empty --ics reads the file and nothing else, and reports the bad line', async () => {
  const printed = await start('--empty', '--ics', ics)
  expect(printed).toContain('Read work.ics: 1 event into “work”.')
  expect(printed).toContain('Skipped in work.ics: 1 × unreadable line, for example “a bad line”.')
  expect(printed.match(/<.*@.*>/g)).toEqual(['<you@example.com>'])
})

test('a saved world is kept, and --ics says that it was not read', async () => {
  const options = ['--empty', '--data', join(folder, 'state.json'), '--ics', ics]
  expect(await start(...options)).toContain('Read work.ics')
  const again = await start(...options)
  expect(again).not.toContain('Read work.ics')
  expect(again).toContain('--ics was not read')
})
