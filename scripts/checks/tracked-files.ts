import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../process/root.ts'

export type TextFile = { file: string; text: string }

/** Paths of all files that are committed or about to be, relative to the project. */
export async function listFiles(): Promise<string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '-z']
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 1e8 })
  return stdout.split('\0').filter(Boolean).sort()
}

/** Skips files that are listed by git but deleted in the working tree. */
export async function readFiles(files: string[]): Promise<TextFile[]> {
  const read = files.map(async (file) => {
    const text = await readFile(path.join(root, file), 'utf8').catch(() => undefined)
    return text === undefined ? [] : [{ file, text }]
  })
  return (await Promise.all(read)).flat()
}
