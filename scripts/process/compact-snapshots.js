import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

// Only drizzle-kit reads the snapshots of the schema, two thousand lines each: one line is enough.
const folder = 'db/migrations/meta'
for (const name of readdirSync(folder).filter((file) => file.endsWith('_snapshot.json')))
  writeFileSync(`${folder}/${name}`, `${JSON.stringify(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')))}\n`)
