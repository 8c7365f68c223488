import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { describeIcs, importIcs } from './ics/import.ts'
import type { OAuthClient } from './model.ts'
import { pages } from './page/routes.ts'
import type { Person } from './person/person.ts'
import { seedSamples } from './samples/seed.ts'
import { startGoogle } from './server.ts'
import { DEFAULT_CLIENT } from './world.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4100' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
    'client-id': { type: 'string' },
    'client-secret': { type: 'string' },
    redirect: { type: 'string', multiple: true, default: [] },
    ics: { type: 'string', multiple: true, default: [] },
  },
  allowPositionals: true,
})

if (values.data && values.fresh) rmSync(values.data, { force: true })
if (values.data) mkdirSync(dirname(values.data), { recursive: true })

let wasSeeded = false
const google = await startGoogle({
  port: Number(values.port),
  host: values.host,
  file: values.data,
  clients: readClients(),
  pages,
  seed: values.empty && values.ics.length === 0 ? undefined : seed,
  seeds: { samples: (person) => seedSamples(person) },
}).catch((error: NodeJS.ErrnoException) => {
  const busy = `Port ${values.port} is in use. Stop the program that uses it, or choose another port: npm run google -- --port 4101`
  console.error(error.code === 'EADDRINUSE' ? busy : error.message)
  process.exit(1)
})

console.log(`Google emulator: ${google.url}`)
if (values.ics.length > 0 && !wasSeeded)
  console.log(`${values.data} has a saved world, so --ics was not read. Start with --fresh to read it.`)
for (const { name, email } of google.person.accounts()) console.log(`  ${name} <${email}>`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void google.stop().then(() => process.exit(0)))
}

function seed(person: Person): void {
  wasSeeded = true
  if (!values.empty) seedSamples(person)
  if (values.ics.length === 0) return
  const files = values.ics.map((path) => ({ name: basename(path), text: readFileSync(path, 'utf8') }))
  const report = importIcs(person, { account: { email: 'you@example.com', name: 'You' }, files })
  for (const line of describeIcs(report)) console.log(line)
}

function readClients(): OAuthClient[] {
  const own = values['client-id'] || values['client-secret'] || values.redirect.length > 0
  if (!own) return [DEFAULT_CLIENT]
  return [
    {
      ...DEFAULT_CLIENT,
      id: values['client-id'] ?? DEFAULT_CLIENT.id,
      secret: values['client-secret'] ?? DEFAULT_CLIENT.secret,
      redirectUris: [...DEFAULT_CLIENT.redirectUris, ...values.redirect],
    },
  ]
}
