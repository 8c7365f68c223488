import path from 'node:path'
import type { TextFile } from './tracked-files.ts'

/**
 * A source file and its imports as written; type-only imports are separate because they do not
 * exist at runtime.
 */
export type SourceFile = {
  file: string
  imports: string[]
  types: string[]
  directive?: 'use client' | 'use server'
}

/** From a file, through others, to the import that is forbidden there. */
export type Reach = { chain: string[]; forbidden: string }

type Search = {
  files: Map<string, SourceFile>
  isForbidden: (imported: string) => boolean
  /** The search does not continue behind such a file. */
  isBoundary?: (file: SourceFile) => boolean
}

const statement = /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/g
const dynamic = /(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

export function readSource({ file, text }: TextFile): SourceFile {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
  const found = [...code.matchAll(statement), ...code.matchAll(dynamic)]
  const named = (isType: boolean) => [
    ...new Set(found.filter((match) => Boolean(match[1]) === isType).map((match) => match[2] ?? '')),
  ]
  const directive = /^\s*['"](use client|use server)['"]/.exec(code)?.[1] as SourceFile['directive']
  return { file, imports: named(false), types: named(true), ...(directive && { directive }) }
}

/** Imports of both kinds, as paths in the project or names of packages. */
export const targetsOf = ({ file, imports, types }: SourceFile): string[] => [
  ...new Set([...imports, ...types].map((imported) => resolveImport(file, imported))),
]

/**
 * The shortest way from the file to something forbidden through runtime imports, if there is one.
 */
export function findReach(from: SourceFile, { files, isForbidden, isBoundary }: Search): Reach | undefined {
  const visited = new Set([from.file])
  const queue = [{ source: from, chain: [from.file] }]
  for (const { source, chain } of queue) {
    for (const imported of source.imports) {
      const target = resolveImport(source.file, imported)
      if (isForbidden(target)) return { chain, forbidden: target }
      const next = files.get(target)
      if (!next || visited.has(next.file) || isBoundary?.(next)) continue
      visited.add(next.file)
      queue.push({ source: next, chain: [...chain, next.file] })
    }
  }
  return undefined
}

/** One shortest import cycle per group of files that import each other; type-only imports count. */
export function findCycles(files: Map<string, SourceFile>): string[][] {
  const left = new Map([...files].map(([file, source]) => [file, targetsOf(source)]))
  const cycles: string[][] = []
  for (const file of files.keys()) {
    const cycle = left.has(file) ? findWayBack(file, left) : undefined
    if (!cycle) continue
    cycles.push(cycle)
    for (const member of cycle) left.delete(member)
  }
  return cycles
}

function findWayBack(start: string, targets: Map<string, string[]>): string[] | undefined {
  const visited = new Set<string>()
  const queue = [[start]]
  for (const chain of queue) {
    for (const target of targets.get(chain.at(-1) ?? '') ?? []) {
      if (target === start) return chain
      if (visited.has(target) || !targets.has(target)) continue
      visited.add(target)
      queue.push([...chain, target])
    }
  }
  return undefined
}

/** A path inside the project for `#…` and relative imports; a package's name as it is. */
export function resolveImport(from: string, imported: string): string {
  if (imported.startsWith('#')) return imported.slice(1)
  if (!imported.startsWith('.')) return imported
  return path.posix.join(path.posix.dirname(from), imported)
}
