import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './root.ts'

type Locked = { version: string; integrity?: string; optional?: boolean; os?: string[]; cpu?: string[] }

/** What runs where the lockfile was made, and in production: Linux on x64. */
const runsHere = ({ os = ['linux'], cpu = ['x64'] }: Locked) => os.includes('linux') && cpu.includes('x64')

test('every package is pinned by its hash, except optional binaries of other systems', async () => {
  const text = await readFile(path.join(root, 'package-lock.json'), 'utf8')
  const { '': _, ...packages } = (JSON.parse(text) as { packages: Record<string, Locked> }).packages
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  const open = Object.entries(packages).filter(([, locked]) => !locked.integrity?.startsWith('sha512-'))
  const unpinned = open.filter(([, locked]) => !locked.optional || runsHere(locked))
  // With another libc, x64 is another system as well.
  expect(unpinned.map(([name]) => name).filter((name) => !name.endsWith('-musl'))).toEqual([])
})
