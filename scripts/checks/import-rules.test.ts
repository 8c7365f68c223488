import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../process/root.ts'

// Each row plants one import in a copy of the configuration's world and quotes the sentence that answers it.

const forbidden: [file: string, imported: string, sentence: string][] = [
  ['app/calendar/page.tsx', '#db/queries/appointments.ts', 'SQL belongs in db/queries/'],
  ['app/calendar/page.tsx', '../../db/schema.ts', 'SQL belongs in db/queries/'],
  ['app/calendar/page.tsx', 'drizzle-orm', 'SQL belongs in db/queries/'],
  ['app/calendar/page.tsx', 'drizzle-orm/postgres-js', 'SQL belongs in db/queries/'],
  ['app/calendar/page.tsx', 'postgres', 'SQL belongs in db/queries/'],
  ['app/api/health/route.ts', 'googleapis/build/src/apis/calendar', 'Google is spoken to in lib/google/'],
  ['app/api/health/route.ts', '../../../emulator/server.ts', 'at GOOGLE_BASE_URL'],
  ['components/calendar/board.tsx', '#app/calendar/page.tsx', 'must not know the routes'],
  ['components/calendar/board.tsx', '#db/schema.ts', 'Components see no rows'],
  ['components/calendar/board.tsx', 'postgres', 'Components see no rows'],
  ['components/calendar/board.tsx', '#lib/appointments/mutations.ts', "write through a noun's actions.ts"],
  ['components/calendar/board.tsx', 'google-auth-library', 'Google is spoken to in lib/google/'],
  ['components/calendar/board.tsx', '../../emulator/model.ts', 'at GOOGLE_BASE_URL'],
  ['components/ui/button.tsx', '../calendar/board.tsx', 'primitives with no word of the domain'],
  ['components/ui/button.tsx', '#components/calendar/board.tsx', 'primitives with no word of the domain'],
  ['components/ui/button.tsx', '#lib/appointments/schema.ts', 'primitives with no word of the domain'],
  ['components/ui/button.tsx', '#db/schema.ts', 'primitives that only draw'],
  ['lib/appointments/change.ts', '#app/calendar/page.tsx', 'lib/ must not know the routes'],
  ['lib/appointments/change.ts', '#components/calendar/board.tsx', 'lib/ must not know what people see'],
  ['lib/appointments/change.ts', '../../components/ui/button.tsx', 'lib/ must not know what people see'],
  ['lib/sync/push/dirty.ts', 'googleapis/build/src/apis/calendar', 'Google is spoken to in lib/google/'],
  ['lib/sync/push/dirty.ts', '../../emulator/server.ts', 'at GOOGLE_BASE_URL'],
  ['lib/sync/push/dirty.ts', '#db/testing/database.ts', 'at GOOGLE_BASE_URL'],
  ['lib/google/client.ts', '#components/ui/button.tsx', 'lib/ must not know what people see'],
  ['lib/google/client.ts', '../../emulator/server.ts', 'at GOOGLE_BASE_URL'],
  ['lib/sync/core/merge.ts', '#db/schema.ts', 'lib/sync/core/ decides and does nothing'],
  ['lib/sync/core/merge.ts', 'node:crypto', 'lib/sync/core/ decides and does nothing'],
  ['lib/sync/core/merge.ts', 'node:fs/promises', 'lib/sync/core/ decides and does nothing'],
  ['lib/sync/core/merge.ts', 'graphile-worker', 'lib/sync/core/ decides and does nothing'],
  ['lib/sync/core/merge.ts', 'googleapis', 'lib/sync/core/ decides and does nothing'],
  ['lib/sync/core/merge.ts', '#lib/google/client.ts', 'lib/sync/core/ decides and does nothing'],
  ['lib/sync/core/merge.ts', '#lib/appointments/mutations.ts', 'lib/sync/core/ decides and does nothing'],
  ['lib/sync/core/merge.ts', '#components/ui/button.tsx', 'lib/ must not know what people see'],
  ['db/queries/appointments.ts', '#lib/appointments/change.ts', 'db/ is the lowest layer'],
  ['db/queries/appointments.ts', '../../lib/env.ts', 'db/ is the lowest layer'],
  ['db/queries/appointments.ts', '#components/ui/button.tsx', 'db/ is the lowest layer'],
  ['db/queries/appointments.ts', '#app/layout.tsx', 'db/ is the lowest layer'],
  ['db/queries/appointments.ts', 'googleapis', 'Google is spoken to in lib/google/'],
  ['emulator/server.ts', '#lib/env.ts', 'knows nothing of the product'],
  ['emulator/server.ts', '../db/schema.ts', 'knows nothing of the product'],
]

const allowed: [file: string, imported: string][] = [
  ['app/calendar/page.tsx', '#components/calendar/board.tsx'],
  ['app/calendar/page.tsx', '#lib/appointments/loaders.ts'],
  ['components/calendar/board.tsx', '#lib/appointments/actions.ts'],
  ['components/calendar/board.tsx', '#components/ui/button.tsx'],
  ['components/ui/dialog.tsx', './button.tsx'],
  ['components/ui/dialog.tsx', 'react-aria-components'],
  ['lib/appointments/mutations.ts', '#db/queries/appointments.ts'],
  ['lib/google/client.ts', 'googleapis/build/src/apis/calendar'],
  ['lib/sync/core/merge.ts', './schema.ts'],
  ['lib/sync/core/merge.ts', 'temporal-polyfill'],
  ['lib/sync/core/merge.ts', 'rrule-temporal'],
  ['lib/sync/core/merge.ts', '#lib/google/schema.ts'],
  ['lib/sync/core/merge.test.ts', 'node:fs'],
  ['lib/sync/sync.db.test.ts', '../../emulator/server.ts'],
  ['db/seed.ts', './schema.ts'],
  ['emulator/server.ts', 'node:http'],
]

let folder: string
let sentences: Map<string, string[]>

const plantedAt = (index: number, file: string) =>
  file.replace(/[^/]+?(\.test)?(\.tsx?)$/, `planted-${index}$1$2`)

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'layers-'))
  await cp(path.join(root, 'biome.json'), path.join(folder, 'biome.json'))
  await writeFile(path.join(folder, '.gitignore'), 'node_modules/\n')
  for (const [index, [file, imported]] of [...forbidden, ...allowed].entries()) {
    const target = path.join(folder, plantedAt(index, file))
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, `import { a } from '${imported}'\n\nconsole.log(a)\n`)
  }
  sentences = await lint()
}, 30_000)

afterAll(() => rm(folder, { recursive: true }))

/** File → what the layer rules say of it. */
async function lint(): Promise<Map<string, string[]>> {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none']
  const biome = path.join(root, 'node_modules/.bin/biome')
  const { stdout } = await promisify(execFile)(biome, args, { cwd: folder, maxBuffer: 1e8 }).catch(
    (error) => error,
  )
  const found = JSON.parse(stdout.slice(stdout.indexOf('{')))
  const said = new Map<string, string[]>()
  for (const { category, location, message } of found.diagnostics)
    if (category === 'lint/style/noRestrictedImports')
      said.set(location.path, [...(said.get(location.path) ?? []), JSON.stringify(message)])
  return said
}

describe('forbidden', () => {
  test.each(forbidden.map((row, index) => [index, ...row] as const))(
    '%i: %s → %s',
    (index, file, _, sentence) => {
      expect(sentences.get(plantedAt(index, file))?.join()).toContain(sentence)
    },
  )
})

describe('allowed', () => {
  test.each(allowed.map((row, index) => [index + forbidden.length, ...row] as const))(
    '%i: %s → %s',
    (index, file) => {
      expect(sentences.get(plantedAt(index, file))).toBeUndefined()
    },
  )
})
