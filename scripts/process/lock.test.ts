import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAlive, withLock } from './lock.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lock-'))
})

afterAll(() => rm(folder, { recursive: true }))

const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid

test('isAlive', () => {
  expect(isAlive(process.pid)).toBe(true)
  expect(isAlive(deadPid())).toBe(false)
})

test('one at a time, and each gets the lock', async () => {
  let inside = 0
  const work = async () => {
    inside++
    await new Promise((resolve) => setImmediate(resolve))
    expect(inside).toBe(1)
    return inside--
  }
  const file = path.join(folder, 'turns', 'lock')
  await expect(Promise.all([1, 2, 3].map(() => withLock(file, work)))).resolves.toHaveLength(3)
})

test('is released when the work fails', async () => {
  const file = path.join(folder, 'failing')
  await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(withLock(file, async () => 'next')).resolves.toBe('next')
})

test('the lock of a dead process is taken over', async () => {
  const file = path.join(folder, 'stale')
  await writeFile(file, String(deadPid()))
  expect(await withLock(file, () => readFile(file, 'utf8'))).toBe(String(process.pid))
})
