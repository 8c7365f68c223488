import { describe, expect, test } from 'vitest'
import { checkFolders, checkImports } from './imports.ts'

const importing = (file: string, imported: string) => ({ file, text: `import { a } from '${imported}'\n` })

describe('forbidden imports', () => {
  test.each([
    ['app/calendar/page.tsx', '#db/queries/appointments.ts', 'SQL belongs in db/queries/'],
    ['app/calendar/page.tsx', '../../db/schema/business.ts', 'SQL belongs in db/queries/'],
    ['app/calendar/page.tsx', 'drizzle-orm/postgres-js', 'SQL belongs in db/queries/'],
    ['app/calendar/page.tsx', 'postgres', 'SQL belongs in db/queries/'],
    ['app/api/health/route.ts', 'googleapis/build/src/apis/calendar', 'Google is called in lib/google/ only'],
    ['app/api/health/route.ts', '../../../emulator/server.ts', 'The product never imports tools'],
    ['proxy.ts', './scripts/process/root.ts', 'The product never imports tools'],
    ['components/calendar/board.tsx', '#app/calendar/page.tsx', 'components/ knows no routes'],
    ['components/calendar/board.tsx', '#db/schema/business.ts', 'SQL belongs in db/queries/'],
    ['components/calendar/board.tsx', '#lib/appointments/mutations.ts', "Write through a noun's actions.ts"],
    ['components/calendar/board.tsx', 'google-auth-library', 'Google is called in lib/google/ only'],
    ['components/appointment/form.tsx', '#components/calendar/board.tsx', 'The form knows no grid'],
    ['components/ui/button.tsx', '../calendar/board.tsx', 'Primitives know no domain'],
    ['components/ui/button.tsx', '#lib/appointments/schema.ts', 'Primitives know no domain'],
    ['lib/appointments/change.ts', '#app/calendar/page.tsx', 'lib/ knows no routes'],
    ['lib/appointments/change.ts', '../../components/ui/button.tsx', 'lib/ knows no routes and no screens'],
    ['lib/sync/push/dirty.ts', 'googleapis', 'Google is called in lib/google/ only'],
    ['lib/google/client.ts', '#testing/database.ts', 'The product never imports tools or tests'],
    ['lib/sync/core/merge.ts', '#db/schema/business.ts', 'This folder is pure'],
    ['lib/sync/core/merge.ts', 'node:crypto', 'This folder is pure'],
    ['lib/sync/core/merge.ts', 'graphile-worker', 'This folder is pure'],
    ['lib/sync/core/merge.ts', '#lib/google/client.ts', 'This folder is pure'],
    ['lib/recurrence/expand.ts', '#lib/env.ts', 'This folder is pure'],
    ['db/queries/appointments.ts', '#lib/appointments/change.ts', 'db/ is the lowest layer'],
    ['db/queries/appointments.ts', '#components/ui/button.tsx', 'db/ is the lowest layer'],
    ['db/queries/appointments.ts', '@googleapis/calendar', 'Google is called in lib/google/ only'],
    ['emulator/server.ts', '#lib/env.ts', 'The emulator knows nothing of the product'],
    ['emulator/server.ts', '../db/schema/business.ts', 'The emulator knows nothing of the product'],
  ])('%s → %s', (file, imported, message) => {
    expect(checkImports([importing(file, imported)]).join('\n')).toContain(message)
  })

  test('type-only imports count', () => {
    const text = "import type { Row } from '#db/schema/business.ts'"
    expect(checkImports([{ file: 'app/page.tsx', text }])).toEqual([
      expect.stringContaining('app/page.tsx imports db/schema/business.ts: SQL belongs in db/queries/'),
    ])
  })
})

describe('allowed imports', () => {
  test.each([
    ['app/calendar/page.tsx', '#components/calendar/board.tsx'],
    ['app/calendar/page.tsx', '#lib/appointments/loaders.ts'],
    ['components/calendar/board.tsx', '#lib/appointments/actions.ts'],
    ['components/calendar/board.tsx', '#components/appointment/form.tsx'],
    ['components/ui/dialog.tsx', './button.tsx'],
    ['components/ui/dialog.tsx', 'react-aria-components'],
    ['lib/appointments/mutations.ts', '#db/queries/appointments.ts'],
    ['lib/google/client.ts', 'googleapis/build/src/apis/calendar'],
    ['lib/sync/core/merge.ts', 'temporal-polyfill'],
    ['lib/sync/core/merge.ts', '#lib/google/wire.ts'],
    ['lib/sync/core/merge.test.ts', 'node:fs'],
    ['lib/sync/sync.db.test.ts', '../../emulator/server.ts'],
    ['emulator/server.ts', 'node:http'],
  ])('%s → %s', (file, imported) => expect(checkImports([importing(file, imported)])).toEqual([]))
})

describe('along a chain of imports', () => {
  test('a client component must not reach a loader', () => {
    const files = [
      { file: 'components/calendar/board.tsx', text: "'use client'\nimport { load } from './data.ts'" },
      importing('components/calendar/data.ts', '#lib/appointments/loaders.ts'),
      importing('lib/appointments/loaders.ts', '#db/queries/appointments.ts'),
    ]
    expect(checkImports(files)).toEqual([
      'components/calendar/board.tsx reaches lib/appointments/loaders.ts through components/calendar/data.ts: Read in loaders.ts, called by a server component; write in actions.ts.',
    ])
  })

  test('a client component may call actions, and a server component may load', () => {
    const files = [
      { file: 'components/team/form.tsx', text: "'use client'\nimport { save } from '#lib/team/actions.ts'" },
      importing('components/team/page.tsx', '#lib/team/loaders.ts'),
      { file: 'lib/team/actions.ts', text: "'use server'\nimport 'postgres'" },
      { file: 'lib/team/loaders.ts', text: "import 'postgres'" },
    ]
    expect(checkImports(files)).toEqual([])
  })

  test('a pure folder must not reach I/O', () => {
    const files = [
      importing('lib/sync/core/merge.ts', '#lib/appointments/hash.ts'),
      importing('lib/appointments/hash.ts', 'node:crypto'),
    ]
    expect(checkImports(files)).toEqual([
      expect.stringContaining('lib/sync/core/merge.ts reaches node:crypto through lib/appointments/hash.ts'),
    ])
  })
})

describe('cycles', () => {
  test('are found in every folder and in tests, once each', () => {
    const files = [
      importing('bench/a.ts', './b.ts'),
      importing('bench/b.ts', './c.test.ts'),
      importing('bench/c.test.ts', './a.ts'),
      importing('bench/outside.ts', './a.ts'),
    ]
    expect(checkImports(files)).toEqual([
      expect.stringMatching(/^bench\/a\.ts → bench\/b\.ts → bench\/c\.test\.ts → bench\/a\.ts: Import cycle/),
    ])
  })

  test('may consist of types only', () => {
    const files = [
      importing('lib/team/a.ts', './b.ts'),
      { file: 'lib/team/b.ts', text: "import type { A } from './a.ts'" },
    ]
    expect(checkImports(files)).toEqual([expect.stringContaining('Import cycle')])
  })
})

describe('nouns', () => {
  test('must not import each other', () => {
    const files = [
      importing('lib/team/a.ts', '#lib/auth/a.ts'),
      { file: 'lib/auth/a.ts', text: '' },
      importing('lib/auth/b.ts', '#lib/team/b.ts'),
      { file: 'lib/team/b.ts', text: '' },
    ]
    expect(checkImports(files)).toEqual([
      expect.stringMatching(
        /^lib\/auth and lib\/team \(lib\/auth\/b\.ts → lib\/team\/b\.ts; lib\/team\/a\.ts → lib\/auth\/a\.ts\): Two nouns/,
      ),
    ])
  })

  test('may be imported by tests of a noun they import', () => {
    const files = [
      importing('lib/team/a.ts', '#lib/auth/a.ts'),
      { file: 'lib/auth/a.ts', text: '' },
      importing('lib/auth/a.test.ts', '#lib/team/a.ts'),
    ]
    expect(checkImports(files)).toEqual([])
  })
})

test('a folder holds at most 27 files at one level', () => {
  const files = (folder: string, count: number) => Array.from({ length: count }, (_, index) => `${folder}${index}.ts`)
  const allowed = [...files('', 40), ...files('public/', 40), ...files('lib/a/', 27), ...files('lib/a/b/', 27)]
  expect(checkFolders(allowed)).toEqual([])
  expect(checkFolders(files('lib/a/', 28))).toEqual([
    'lib/a/ has 28 files, 27 at most: Too many files at one level: group them by subject.',
  ])
})
