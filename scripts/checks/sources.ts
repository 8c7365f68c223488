import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

const notBuilt = new Set(['node_modules', 'docs', 'e2e', 'bench', 'scripts', 'emulator', 'testing', 'test-results'])

/**
 * True for files that can change the production build: no tests, tools, documents or hidden files.
 */
export function isSource(file: string): boolean {
  const [top = ''] = file.split('/')
  if (top.startsWith('.') || notBuilt.has(top)) return false
  return !/\.test\.tsx?$|\.md$|(^|\/)(vitest|playwright|drizzle)\.config\.ts$|^(biome|knip)\.json$|^next-env\.d\.ts$/.test(
    file,
  )
}

/** One hash over names and contents of every file that `isSource`, in a fixed order. */
export async function hashSources(folder: string): Promise<string> {
  const top = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => isSource(name))
  const below = top.filter((entry) => entry.isDirectory()).map((entry) => filesBelow(folder, entry.name))
  const names = [
    ...top.filter((entry) => entry.isFile()).map((entry) => entry.name),
    ...(await Promise.all(below)).flat(),
  ]
  return hashFiles(folder, names.filter(isSource))
}

/** One hash over the given files; names are relative to the folder, with `/` on every system. */
export async function hashFiles(folder: string, names: string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const name of [...names].sort()) {
    const content = await readFile(path.join(folder, name))
    hash.update(`${name}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}

export async function filesBelow(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  return files.map((file) => path.relative(folder, file).split(path.sep).join('/'))
}
