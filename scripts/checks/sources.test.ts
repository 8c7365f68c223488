import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashSources, isSource } from './sources.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sources-'))
  await write('app/page.tsx', 'one')
  await write('package.json', '{}')
})

afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, text: string) {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
  await writeFile(path.join(folder, name), text)
}

test.each([
  'app/page.tsx',
  'lib/sync/core/merge.ts',
  'package-lock.json',
  'next.config.ts',
  'public/icon.svg',
  'patches/postgres+3.4.9.patch',
])('%s is a source', (file) => expect(isSource(file)).toBe(true))

test.each([
  'lib/a.test.ts',
  'lib/a.db.test.ts',
  'README.md',
  'e2e/main.spec.ts',
  '.data/x',
  'biome.json',
  'testing/clone.ts',
])('%s is not', (file) => expect(isSource(file)).toBe(false))

test('files that are not sources do not change the hash', async () => {
  const before = await hashSources(folder)
  await write('e2e/main.spec.ts', 'test')
  await write('app/page.test.tsx', 'test')
  await write('.next/server.js', 'built')
  expect(await hashSources(folder)).toBe(before)
})

test.each([
  ['content', () => write('app/page.tsx', 'two')],
  ['a new file', () => write('lib/new.ts', '')],
  ['a new file at the top', () => write('instrumentation.ts', '')],
  ['the patch of the driver', () => write('patches/postgres+3.4.9.patch', '')],
  ['a removed file', () => rm(path.join(folder, 'package.json'))],
])('%s changes it', async (_, change) => {
  const before = await hashSources(folder)
  await change()
  expect(await hashSources(folder)).not.toBe(before)
})
