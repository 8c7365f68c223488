import { parseArgs } from 'node:util'
import { connect } from '#db/client.ts'
import { readBusinessesOfOwner } from '#db/queries/receptionist/api-keys.ts'
import { tenantDb } from '#db/tenant.ts'
import { isScope, scopes } from '#lib/receptionist/caller.ts'
import { addKey } from '#lib/receptionist/keys/mutations.ts'
import { createKeySchema, defaultScopes, type NewKey } from '#lib/receptionist/keys/schema.ts'
import { withDatabase } from './process/any-database.ts'
import { CliError, run } from './process/cli-error.ts'

// For operators and scripts: makes an API key for the business of an owner and prints it on the
// last line. Settings → Receptionist does the same.

const usage = 'Usage: npm run api-key -- --owner EMAIL [--business NAME] [--name NAME] [--scopes a,b] [--test]'

type Wanted = { owner: string; business?: string; key: NewKey }

const parse = (given: string[]): Wanted => {
  const { values } = parsedArguments(given)
  if (!values.owner) throw new CliError(usage)
  const asked = values.scopes?.split(',').map((scope) => scope.trim()) ?? [...defaultScopes]
  const unknown = asked.find((scope) => !isScope(scope))
  if (unknown !== undefined) throw new CliError(`Unknown scope ${unknown}: use ${scopes.join(', ')}.`)
  const key = createKeySchema.safeParse({ name: values.name ?? 'Command line', scopes: asked, test: values.test })
  if (!key.success) throw new CliError(key.error.issues.map(({ message }) => message).join('\n'))
  return { owner: values.owner, business: values.business, key: key.data }
}

const parsedArguments = (args: string[]) => {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      options: { owner: text, business: text, name: text, scopes: text, test: { type: 'boolean', default: false } },
    })
  } catch {
    throw new CliError(usage)
  }
}

const make = async (url: string, { owner, business, key }: Wanted): Promise<string> => {
  const database = connect(url, { max: 2 })
  try {
    const owned = await readBusinessesOfOwner(database.db, owner)
    const [found, another] = owned.filter(({ name }) => business === undefined || name === business)
    if (!found) throw new CliError(`${owner} is no owner of ${business ?? 'a business'}.`)
    if (another)
      throw new CliError(
        `${owner} owns several: add --business ${owned.map(({ name }) => JSON.stringify(name)).join(' or ')}.`,
      )
    const { businessId, memberId, name } = found
    const made = await addKey(tenantDb(database, businessId), { businessId, memberId }, key)
    if (!made.ok) throw new CliError(made.message)
    console.log(`A ${key.test ? 'test key' : 'key'} for ${name}: ${key.scopes.join(', ')}. It is not shown again.`)
    return made.secret
  } finally {
    await database.close()
  }
}

await run(async () => {
  const wanted = parse(process.argv.slice(2))
  console.log(await withDatabase((url) => make(url, wanted)))
})
