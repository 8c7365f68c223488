import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { findReach, type Reach, readSource, type SourceFile } from './import-graph.ts'
import { filesBelow } from './sources.ts'

// Biome forbids direct imports, folder by folder (biome.json). These rules need the whole way of an import.

type Rule = {
  applies: (source: SourceFile) => boolean
  isForbidden: (imported: string) => boolean
  isDoor?: (source: SourceFile) => boolean
  sentence: (reach: Reach) => string
}

const server =
  /^(node:|next\/(headers|server|cache)$|postgres$|pg$|graphile-worker|drizzle-orm|googleapis|google-auth-library)/
const serverFile = /^db\/|^lib\/.*\/(loaders|mutations)\.ts$|^lib\/env\.ts$/
const io = /^(node:|next|react|postgres$|pg$|graphile-worker|drizzle-orm|googleapis|google-auth-library)/
const ioFile = /^(db|app|components)\/|^lib\/.*\/(loaders|mutations|actions)\.ts$|^lib\/env\.ts$/

const way = ({ chain }: Reach) => (chain.length > 1 ? ` through ${chain.slice(1).join(', ')}` : '')

export const rules: Rule[] = [
  {
    applies: (source) => source.directive === 'use client',
    isForbidden: (imported) => server.test(imported) || serverFile.test(imported),
    isDoor: (source) => source.directive === 'use server',
    sentence: (reach) =>
      `${reach.chain[0]} is a client component and reaches ${reach.forbidden}${way(reach)}: client components import only I/O-free files of lib/, cache.ts and actions.ts; reading belongs in loaders.ts, called by a server component.`,
  },
  {
    applies: ({ file }) => file.startsWith('lib/sync/core/'),
    isForbidden: (imported) => io.test(imported) || ioFile.test(imported),
    sentence: (reach) =>
      `${reach.chain[0]} reaches ${reach.forbidden}${way(reach)}: lib/sync/core/ decides and does nothing; what reads, writes or calls belongs in lib/sync/.`,
  },
]

export function checkLayers(files: Map<string, SourceFile>): string[] {
  return [...files.values()].flatMap((source) =>
    rules
      .filter((rule) => rule.applies(source))
      .flatMap((rule) => {
        const reach = findReach(source, { files, ...rule })
        return reach ? [rule.sentence(reach)] : []
      }),
  )
}

/** Every source file of the product; tests are free to import what they test against. */
export async function readProduct(root: string): Promise<Map<string, SourceFile>> {
  const found = await Promise.all(
    ['app', 'components', 'lib', 'db'].map((folder) => filesBelow(root, folder)),
  )
  const names = found.flat().filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
  const sources = names.map(async (file) => readSource(file, await readFile(path.join(root, file), 'utf8')))
  return new Map((await Promise.all(sources)).map((source) => [source.file, source]))
}
