import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../process/root.ts'

type Locked = { version: string; integrity?: string; inBundle?: boolean }

test('every package is pinned by its hash, on every system', async () => {
  const text = await readFile(path.join(root, 'package-lock.json'), 'utf8')
  const { '': _, ...packages } = (JSON.parse(text) as { packages: Record<string, Locked> }).packages
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  // A bundled package is covered by the hash of its parent.
  const own = Object.entries(packages).filter(([, { inBundle }]) => !inBundle)
  const unpinned = own.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
  expect(unpinned.map(([name]) => name)).toEqual([])
})
