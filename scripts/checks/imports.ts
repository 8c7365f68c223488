import path from 'node:path'
import { findCycles, findReach, readSource, type SourceFile, targetsOf } from './import-graph.ts'
import {
  cycleMessage,
  directRules,
  folderLimit,
  type ImportRule,
  transitiveRules,
  twoWayMessage,
} from './import-rules.ts'
import type { TextFile } from './tracked-files.ts'

const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file)

/** One sentence per broken import rule. Layers do not bind tests; cycles are found everywhere. */
export function checkImports(texts: TextFile[]): string[] {
  const sources = texts.filter(({ file }) => /\.(tsx?|js|mjs)$/.test(file)).map(readSource)
  const all = new Map(sources.map((source) => [source.file, source]))
  const product = new Map([...all].filter(([file]) => !isTest(file)))
  return [
    ...[...product.values()].flatMap((source) => [...checkDirect(source), ...checkReach(source, product)]),
    ...findCycles(all).map((cycle) => `${[...cycle, cycle[0]].join(' → ')}: ${cycleMessage}`),
    ...checkNouns(product),
  ]
}

/** One sentence per folder with too many files. The project's own folder is bound by its tools. */
export function checkFolders(files: string[]): string[] {
  const counts = new Map<string, number>()
  for (const file of files) counts.set(path.posix.dirname(file), (counts.get(path.posix.dirname(file)) ?? 0) + 1)
  return [...counts].flatMap(([folder, count]) =>
    count <= folderLimit.files || folderLimit.except.includes(folder)
      ? []
      : [`${folder}/ has ${count} files, ${folderLimit.files} at most: ${folderLimit.message}`],
  )
}

const appliesTo = ([from]: ImportRule, { file, directive }: SourceFile) =>
  typeof from === 'string' ? directive === from : from.test(file)

const checkDirect = (source: SourceFile): string[] =>
  directRules
    .filter((rule) => appliesTo(rule, source))
    .flatMap(([, to, message]) =>
      targetsOf(source)
        .filter((target) => to.test(target))
        .map((target) => `${source.file} imports ${target}: ${message}`),
    )

const checkReach = (source: SourceFile, files: Map<string, SourceFile>): string[] =>
  transitiveRules
    .filter((rule) => appliesTo(rule, source))
    .flatMap(([, to, message]) => {
      const reach = findReach(source, {
        files,
        isForbidden: (target) => to.test(target),
        isBoundary: ({ directive }) => directive === 'use server',
      })
      if (!reach) return []
      const through = reach.chain.length > 1 ? ` through ${reach.chain.slice(1).join(', ')}` : ''
      return [`${source.file} reaches ${reach.forbidden}${through}: ${message}`]
    })

/**
 * `lib/sync/push/push.ts` → `lib/sync`; `lib/env.ts` → `lib`; `emulator/oauth/grants.ts` →
 * `emulator`.
 */
const nounOf = (file: string): string =>
  (/^(?:lib|components)\/[^/]+(?=\/)/.exec(file) ?? /^[^/]+/.exec(file) ?? [''])[0]

function checkNouns(files: Map<string, SourceFile>): string[] {
  const examples = new Map<string, string>()
  for (const source of files.values())
    for (const target of targetsOf(source)) {
      const pair = `${nounOf(source.file)} → ${nounOf(target)}`
      if (files.has(target) && !examples.has(pair)) examples.set(pair, `${source.file} → ${target}`)
    }
  return [...examples].flatMap(([pair, example]) => {
    const [from = '', to = ''] = pair.split(' → ')
    const back = from < to && examples.get(`${to} → ${from}`)
    return back ? [`${from} and ${to} (${example}; ${back}): ${twoWayMessage}`] : []
  })
}
