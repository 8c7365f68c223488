import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { connect } from '#db/client.ts'
import { readBusinessesOfOwner } from '#db/queries/receptionist/api-keys.ts'
import { tenantDb } from '#db/tenant.ts'
import { addKey } from '#lib/receptionist/keys/mutations.ts'
import { defaultScopes } from '#lib/receptionist/keys/schema.ts'
import { owner } from '../accounts.ts'
import { CliError } from '../process/cli-error.ts'
import { dataFolder } from '../process/root.ts'
import { postTool } from './post-tool.ts'

/** Where the demo runs, and its key of the sample business. */
const savedSchema = z.object({ appUrl: z.string(), secret: z.string() })
export type Demo = z.infer<typeof savedSchema>

export const demoKeyFile = path.join(dataFolder, 'demo-key.json')

export const readDemo = async (): Promise<Demo | null> => {
  const text = await readFile(demoKeyFile, 'utf8').catch(() => null)
  return text === null ? null : savedSchema.parse(JSON.parse(text))
}

type Running = { appUrl: string; databaseUrl: string }

/** The key of the last start, if the running server still accepts it, else a new one. */
export const ensureDemoKey = async ({ appUrl, databaseUrl }: Running): Promise<Demo> => {
  const saved = await readDemo()
  const secret = saved && (await isAccepted({ ...saved, appUrl })) ? saved.secret : await createKey(databaseUrl)
  const demo = { appUrl, secret }
  await mkdir(dataFolder, { recursive: true })
  await writeFile(demoKeyFile, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 })
  return demo
}

const isAccepted = async (demo: Demo) => (await postTool(demo, 'get_context', {})) !== null

const createKey = async (databaseUrl: string): Promise<string> => {
  const database = connect(databaseUrl, { max: 1 })
  try {
    const [by] = await readBusinessesOfOwner(database.db, owner)
    if (!by) throw new CliError(`${owner} owns no business any more. npm run demo -- --fresh starts over.`)
    const key = { name: 'Demo', scopes: [...defaultScopes], test: false, serviceIds: null, memberIds: null }
    const added = await addKey(tenantDb(database, by.businessId), by, key)
    if (!added.ok) throw new CliError(added.message)
    return added.secret
  } finally {
    await database.close()
  }
}
