import { describe, expect, test } from 'vitest'
import { findReach, readSource, resolveImport, targetsOf } from './import-graph.ts'

describe('readSource', () => {
  test('finds every runtime import, once', () => {
    const text = `
      import { a } from '#lib/a.ts'
      import './side.css'
      import {
        b,
        type C,
      } from "./b.ts"
      export { d } from './d.ts'
      export * from './b.ts'
      const late = await import('node:fs')
    `
    expect(readSource({ file: 'x.ts', text }).imports).toEqual([
      '#lib/a.ts',
      './side.css',
      './b.ts',
      './d.ts',
      'node:fs',
    ])
  })

  test('keeps types apart, and leaves out comments and strings', () => {
    const text = `
      import type { A } from './a.ts'
      export type { B } from './b.ts'
      type C = typeof import('./c.ts')
      // import { c } from './c.ts'
      /* import { d } from './d.ts' */
      const text = "imported from 'e'"
    `
    const source = readSource({ file: 'x.ts', text })
    expect(source.imports).toEqual([])
    expect(targetsOf(source)).toEqual(['a.ts', 'b.ts', 'c.ts'])
  })

  test('reads the directive', () => {
    const directive = (text: string) => readSource({ file: 'x.tsx', text }).directive
    expect(directive("'use client'\nimport './a.css'")).toBe('use client')
    expect(directive("// first\n'use server'\n")).toBe('use server')
    expect(directive('const a = 1')).toBeUndefined()
  })
})

test('resolveImport', () => {
  expect(resolveImport('lib/sync/pull/pull.ts', './page.ts')).toBe('lib/sync/pull/page.ts')
  expect(resolveImport('lib/sync/run.ts', '../google/client.ts')).toBe('lib/google/client.ts')
  expect(resolveImport('app/page.tsx', '#lib/env.ts')).toBe('lib/env.ts')
  expect(resolveImport('app/page.tsx', 'next/link')).toBe('next/link')
})

describe('findReach', () => {
  const read = (file: string, text: string) => readSource({ file, text })
  const board = read('components/board.tsx', "'use client'\nimport '#lib/a/change.ts'\nimport '#lib/a/actions.ts'")
  const sources = [
    board,
    read('lib/a/change.ts', "import './clock.ts'"),
    read('lib/a/clock.ts', "import './change.ts'\nimport 'node:crypto'"),
    read('lib/a/actions.ts', "'use server'\nimport 'postgres'"),
  ]
  const files = new Map(sources.map((source) => [source.file, source]))
  const isBoundary = ({ directive }: { directive?: string }) => directive === 'use server'

  test('names the chain, through cycles', () => {
    const isForbidden = (imported: string) => imported.startsWith('node:')
    expect(findReach(board, { files, isForbidden, isBoundary })).toEqual({
      chain: ['components/board.tsx', 'lib/a/change.ts', 'lib/a/clock.ts'],
      forbidden: 'node:crypto',
    })
  })

  test('does not search behind a boundary', () => {
    expect(findReach(board, { files, isForbidden: (imported) => imported === 'postgres', isBoundary })).toBeUndefined()
  })

  test('a file of the project can itself be forbidden', () => {
    const isForbidden = (imported: string) => imported.endsWith('/clock.ts')
    expect(findReach(board, { files, isForbidden, isBoundary })?.forbidden).toBe('lib/a/clock.ts')
  })
})
