import { randomUUID } from 'node:crypto'
import { NextRequest } from 'next/server.js'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { GET as getActivity } from './activity/csv/route.ts'
import { GET as getBusiness } from './business/export/route.ts'

const session = vi.hoisted(() => ({ viewer: {} }))
vi.mock('#lib/auth/viewer.ts', () => ({ actingOwner: async () => ({ ok: true, viewer: session.viewer }) }))

const database = ownDatabase()
let sample: SampleBusiness

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  sample = await insertBusiness(database.db)
  const { businessId, owner: memberId } = sample
  session.viewer = { userId: randomUUID(), businessId, memberId, role: 'owner', timeZone: 'UTC' }
})

const routes = { '/api/business/export': getBusiness, '/api/activity/csv': getActivity }
type Path = keyof typeof routes
const get = (path: Path) => routes[path](new NextRequest(`http://localhost${path}`))

test.each<[Path, Path]>([
  ['/api/business/export', '/api/activity/csv'],
  ['/api/activity/csv', '/api/business/export'],
])('%s is refused while %s is read, and answered afterwards', async (path, other) => {
  const running = await get(other)
  const refused = await get(path)
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({ code: 'export-running' })
  expect(running.status).toBe(200)
  await running.text()
  const answered = await get(path)
  expect(answered.status).toBe(200)
  await answered.text()
})

test('the CSV has every line of a log of several batches, each once, newest first', async () => {
  const count = 1001
  await database.sql`
    insert into activity (business_id, actor, what, detail)
    select ${sample.businessId}, 'sophiie', 'appointment.created', 'line ' || n || ' of many'
    from generate_series(1, ${count}::int) n`
  const csv = await (await get('/api/activity/csv')).text()
  const found = [...csv.matchAll(/line (\d+) of many/g)].map(([, n]) => Number(n))
  expect(found).toEqual(Array.from({ length: count }, (_, at) => count - at))
})
