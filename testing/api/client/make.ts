import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { run } from '../../../scripts/process/cli-error.ts'
import { clientDocument, firstLine } from './document.ts'

// `npm run docs:client` writes the types of a client. The generator is fetched for that only: it
// needs TypeScript 5, whose `tsc` would take the place of the project's.

const packages = ['openapi-typescript@7.13.0', 'typescript@5.9.3']
const target = path.join(import.meta.dirname, 'schema.d.ts')

await run(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sophiie-client-'))
  try {
    const [document, types] = [path.join(folder, 'openapi.json'), path.join(folder, 'schema.d.ts')]
    await writeFile(document, clientDocument())
    const args = ['--yes', ...packages.map((name) => `--package=${name}`), '--']
    await promisify(execFile)('npx', [...args, 'openapi-typescript', document, '--output', types], { cwd: folder })
    await writeFile(target, `${firstLine()}\n${await readFile(types, 'utf8')}`)
  } finally {
    await rm(folder, { recursive: true })
  }
})
