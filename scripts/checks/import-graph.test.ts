import { describe, expect, test } from 'vitest'
import { findReach, readSource, resolveImport } from './import-graph.ts'

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
    expect(readSource('x.ts', text).imports).toEqual([
      '#lib/a.ts',
      './side.css',
      './b.ts',
      './d.ts',
      'node:fs',
    ])
  })

  test('leaves out types, comments and strings', () => {
    const text = `
      import type { A } from './a.ts'
      export type { B } from './b.ts'
      // import { c } from './c.ts'
      /* import { d } from './d.ts' */
      const text = "imported from 'e'"
    `
    expect(readSource('x.ts', text).imports).toEqual([])
  })

  test('reads the directive', () => {
    expect(readSource('x.tsx', "'use client'\nimport './a.css'").directive).toBe('use client')
    expect(readSource('x.ts', "// first\n'use server'\n").directive).toBe('use server')
    expect(readSource('x.ts', 'const a = 1').directive).toBeUndefined()
  })
})

test('resolveImport', () => {
  expect(resolveImport('lib/sync/pull/pull.ts', './core/merge.ts')).toBe('lib/sync/core/merge.ts')
  expect(resolveImport('lib/sync/pull/pull.ts', '../google/client.ts')).toBe('lib/google/client.ts')
  expect(resolveImport('app/page.tsx', '#lib/env.ts')).toBe('lib/env.ts')
  expect(resolveImport('app/page.tsx', 'next/link')).toBe('next/link')
})

describe('findReach', () => {
  const sources = [
    readSource('components/board.tsx', "'use client'\nimport '#lib/a/change.ts'\nimport '#lib/a/actions.ts'"),
    readSource('lib/a/change.ts', "import './clock.ts'"),
    readSource('lib/a/clock.ts', "import './change.ts'\nimport 'node:crypto'"),
    readSource('lib/a/actions.ts', "'use server'\nimport 'postgres'"),
  ]
  const files = new Map(sources.map((source) => [source.file, source]))
  const board = sources[0] as (typeof sources)[0]
  const isDoor = ({ directive }: { directive?: string }) => directive === 'use server'

  test('names the way, through cycles', () => {
    const isForbidden = (imported: string) => imported.startsWith('node:')
    expect(findReach(board, { files, isForbidden, isDoor })).toEqual({
      chain: ['components/board.tsx', 'lib/a/change.ts', 'lib/a/clock.ts'],
      forbidden: 'node:crypto',
    })
  })

  test('does not look behind a door', () => {
    expect(
      findReach(board, { files, isForbidden: (imported) => imported === 'postgres', isDoor }),
    ).toBeUndefined()
  })

  test('a file of the project can itself be forbidden', () => {
    const isForbidden = (imported: string) => imported.endsWith('/clock.ts')
    expect(findReach(board, { files, isForbidden, isDoor })?.forbidden).toBe('lib/a/clock.ts')
  })
})
