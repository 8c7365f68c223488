import path from 'node:path'

/** A source file and what it imports at runtime, as written; what is imported as a type is gone by then. */
export type SourceFile = { file: string; imports: string[]; directive?: 'use client' | 'use server' }

/** From a file, through others, to the import that is forbidden there. */
export type Reach = { chain: string[]; forbidden: string }

type Search = {
  files: Map<string, SourceFile>
  isForbidden: (imported: string) => boolean
  /** Files behind which anything may happen, as with server actions: there the search ends. */
  isDoor?: (file: SourceFile) => boolean
}

const statement = /(?:^|\n)\s*(?:import|export)\s+(?!type\s)(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/g
const dynamic = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

export function readSource(file: string, text: string): SourceFile {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
  const found = [...code.matchAll(statement), ...code.matchAll(dynamic)].map((match) => match[1] ?? '')
  const directive = /^\s*['"](use client|use server)['"]/.exec(code)?.[1] as SourceFile['directive']
  return { file, imports: [...new Set(found)], ...(directive && { directive }) }
}

/** The shortest way from the file to something forbidden through runtime imports, if there is one. */
export function findReach(from: SourceFile, { files, isForbidden, isDoor }: Search): Reach | undefined {
  const seen = new Set([from.file])
  const queue = [{ source: from, chain: [from.file] }]
  for (const { source, chain } of queue) {
    for (const imported of source.imports) {
      const next = files.get(resolveImport(source.file, imported))
      const forbidden = isForbidden(next?.file ?? imported)
      if (forbidden) return { chain, forbidden: next?.file ?? imported }
      if (!next || seen.has(next.file) || isDoor?.(next)) continue
      seen.add(next.file)
      queue.push({ source: next, chain: [...chain, next.file] })
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
