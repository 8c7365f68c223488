import { expect, test } from 'vitest'
import { root } from '../process/root.ts'
import { readSource } from './import-graph.ts'
import { checkLayers, readProduct } from './import-rules.ts'

const project = (...sources: [file: string, text: string][]) =>
  new Map(sources.map(([file, text]) => [file, readSource(file, text)]))

test('a client component that reaches a loader is told where reading belongs', () => {
  const files = project(
    ['components/calendar/board.tsx', "'use client'\nimport { load } from './data.ts'"],
    ['components/calendar/data.ts', "import { load } from '#lib/appointments/loaders.ts'"],
    ['lib/appointments/loaders.ts', "import { rows } from '#db/queries/appointments.ts'"],
  )
  expect(checkLayers(files)).toEqual([
    expect.stringMatching(
      /^components\/calendar\/board\.tsx is a client component and reaches lib\/appointments\/loaders\.ts through components\/calendar\/data\.ts: .* called by a server component\.$/,
    ),
  ])
})

test('a client component may call actions, and a server component may load', () => {
  const files = project(
    ['components/calendar/form.tsx', "'use client'\nimport { save } from '#lib/appointments/actions.ts'"],
    ['components/calendar/page.tsx', "import { load } from '#lib/appointments/loaders.ts'"],
    ['lib/appointments/actions.ts', "'use server'\nimport 'postgres'"],
    ['lib/appointments/loaders.ts', "import 'postgres'"],
  )
  expect(checkLayers(files)).toEqual([])
})

test('the core of sync reaches no I/O, by whatever way', () => {
  const files = project(
    ['lib/sync/core/merge.ts', "import { hash } from '#lib/appointments/hash.ts'"],
    ['lib/appointments/hash.ts', "import { createHash } from 'node:crypto'"],
  )
  expect(checkLayers(files)).toEqual([
    expect.stringContaining('lib/sync/core/merge.ts reaches node:crypto through lib/appointments/hash.ts'),
  ])
})

test('the product is read', async () => {
  const files = await readProduct(root)
  expect(files.get('lib/env.ts')?.imports).toContain('zod')
})
