import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../../connect.ts'
import { startGoogle } from '../../server.ts'
import { control } from '../../testing.ts'

const olive = 'olive@example.com'
const mia = 'mia@example.com'
const scopes = ['https://www.googleapis.com/auth/calendar']

const google = await startGoogle()
let hers: Connection
let ours: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  for (const [email, name] of [
    [olive, 'Olive'],
    [mia, 'Mia'],
  ] as const)
    google.person.addAccount({ email, name, timeZone: 'Europe/Berlin' })
  ours = await connect(google.url, { email: olive, scopes })
  hers = await connect(google.url, { email: mia, scopes })
})
afterAll(() => google.stop())

const create = async (requestBody: object = { summary: 'Work' }) =>
  (await ours.api.calendars.insert({ requestBody })).data.id ?? ''
const listed = async ({ api }: Connection, params: object = {}) => (await api.calendarList.list(params)).data
const share = (calendarId: string, role = 'writer', scope: object = { type: 'user', value: mia }) =>
  ours.api.acl.insert({ calendarId, requestBody: { role, scope } })

describe('calendars.insert', () => {
  test('creates a calendar that the caller owns and has in its list', async () => {
    const id = await create({ summary: 'Work', description: 'Jobs', timeZone: 'America/New_York' })
    expect(id).toMatch(/^c_[0-9a-v]{26}@group\.calendar\.google\.com$/)
    expect((await ours.api.calendars.get({ calendarId: id })).data).toMatchObject({
      kind: 'calendar#calendar',
      summary: 'Work',
      description: 'Jobs',
      timeZone: 'America/New_York',
      dataOwner: olive,
    })
    expect((await listed(ours)).items).toMatchObject([
      { id: olive, primary: true },
      { id, accessRole: 'owner', selected: true },
    ])
  })

  test('takes the account’s time zone, and refuses an unknown one or no title', async () => {
    const { data } = await ours.api.calendars.get({ calendarId: await create() })
    expect(data.timeZone).toBe('Europe/Berlin')
    expect(await refusal(create({}))).toMatchObject({ status: 400, reason: 'required' })
    expect(await refusal(create({ summary: 'X', timeZone: 'Mars/Base' }))).toMatchObject({ status: 400 })
    const events = await connect(google.url, { email: olive })
    expect(await refusal(events.api.calendars.insert({ requestBody: { summary: 'X' } }))).toMatchObject({
      status: 403,
      reason: 'insufficientPermissions',
    })
  })
})

describe('calendarList', () => {
  test('a shared calendar is in the list only once the account inserts it', async () => {
    const id = await create()
    const insert = () => hers.api.calendarList.insert({ requestBody: { id, colorId: '7' } })
    expect(await refusal(insert())).toEqual({ status: 404, reason: 'notFound' })
    await share(id)
    expect((await listed(hers)).items).toHaveLength(1)
    const { nextSyncToken } = await listed(hers)
    expect((await insert()).data).toMatchObject({ id, accessRole: 'writer', colorId: '7' })
    expect((await listed(hers, { syncToken: nextSyncToken })).items).toMatchObject([{ id }])
    expect((await insert()).data).toMatchObject({ id })
    expect((await listed(hers)).items).toHaveLength(2)
  })

  test('patch keeps, update resets, delete removes; the primary calendar stays', async () => {
    const calendarId = await create()
    const { api } = ours
    const patched = await api.calendarList.patch({
      calendarId,
      requestBody: { summaryOverride: 'Jobs', hidden: true },
    })
    expect(patched.data).toMatchObject({ summaryOverride: 'Jobs', hidden: true, selected: true })
    const requestBody = { backgroundColor: '#123456', foregroundColor: '#ffffff' }
    await api.calendarList.patch({ calendarId, requestBody })
    expect((await api.calendarList.get({ calendarId })).data.backgroundColor).not.toBe('#123456')
    await api.calendarList.patch({ calendarId, requestBody, colorRgbFormat: true })
    expect((await api.calendarList.get({ calendarId })).data).toMatchObject({ ...requestBody, hidden: true })
    const updated = (await api.calendarList.update({ calendarId, requestBody: { colorId: '3' } })).data
    expect(updated).toMatchObject({ colorId: '3' })
    for (const name of ['hidden', 'selected', 'summaryOverride']) expect(updated).not.toHaveProperty(name)
    expect(
      await refusal(api.calendarList.patch({ calendarId, requestBody: { hidden: 'no' } as object })),
    ).toMatchObject({
      status: 400,
    })
    await api.calendarList.delete({ calendarId })
    expect(await refusal(api.calendarList.get({ calendarId }))).toMatchObject({ status: 404 })
    expect((await api.events.list({ calendarId })).status).toBe(200)
    expect(await refusal(api.calendarList.delete({ calendarId: 'primary' }))).toEqual({
      status: 403,
      reason: 'cannotChangeOwnPrimarySubscription',
    })
  })
})

describe('acl', () => {
  test('list, get, insert, patch, update and delete rules', async () => {
    const calendarId = await create()
    const { acl } = ours.api
    const rule = {
      kind: 'calendar#aclRule',
      id: `user:${mia}`,
      role: 'reader',
      scope: { type: 'user', value: mia },
    }
    expect((await share(calendarId, 'reader')).data).toMatchObject(rule)
    const { data } = await acl.list({ calendarId })
    expect(data).toMatchObject({
      kind: 'calendar#acl',
      nextSyncToken: expect.any(String),
      items: [{ id: `user:${olive}`, role: 'owner' }, rule],
    })
    const ruleId = `user:${mia}`
    expect((await acl.get({ calendarId, ruleId })).data).toMatchObject(rule)
    for (const role of ['writer', 'writerWithoutPrivateAccess', 'freeBusyReader']) {
      await acl.patch({ calendarId, ruleId, requestBody: { role } })
      expect((await hers.api.events.list({ calendarId })).data.accessRole).toBe(role)
    }
    await acl.update({ calendarId, ruleId, requestBody: { role: 'writer' } })
    await acl.delete({ calendarId, ruleId })
    expect(await refusal(acl.get({ calendarId, ruleId }))).toMatchObject({ status: 404 })
    expect(await refusal(hers.api.events.list({ calendarId }))).toMatchObject({ status: 404 })
  })

  test('a change invalidates the calendar’s sync tokens', async () => {
    const calendarId = await create()
    const { nextSyncToken } = (await ours.api.events.list({ calendarId })).data
    await share(calendarId)
    const call = ours.api.events.list({ calendarId, syncToken: nextSyncToken ?? '' })
    expect(await refusal(call)).toMatchObject({ status: 410 })
  })

  test('the public and a domain can have access', async () => {
    const calendarId = await create()
    const role = async () => (await hers.api.events.list({ calendarId })).data.accessRole
    await share(calendarId, 'freeBusyReader', { type: 'default' })
    expect(await role()).toBe('freeBusyReader')
    await share(calendarId, 'reader', { type: 'domain', value: 'example.com' })
    expect(await role()).toBe('reader')
    await share(calendarId, 'writer')
    expect(await role()).toBe('writer')
    expect(await refusal(share(calendarId, 'writer', { type: 'default' }))).toEqual({
      status: 400,
      reason: 'illegalAccessRoleForDefault',
    })
  })

  test('refuses invalid rules, changes by a writer, and changes of the own rule', async () => {
    const calendarId = await create()
    expect(await refusal(share(calendarId, 'boss'))).toMatchObject({ status: 400, reason: 'invalid' })
    expect(await refusal(share(calendarId, 'reader', { type: 'user', value: 'nobody' }))).toMatchObject({
      reason: 'invalidScopeValue',
    })
    expect(await refusal(share(calendarId, 'reader', {}))).toMatchObject({ reason: 'required' })
    const own = { calendarId, ruleId: `user:${olive}` }
    expect(await refusal(ours.api.acl.delete(own))).toEqual({ status: 403, reason: 'cannotChangeOwnAcl' })
    await share(calendarId, 'owner')
    const theirs = hers.api.acl.patch({ ...own, requestBody: { role: 'reader' } })
    expect(await refusal(theirs)).toEqual({ status: 403, reason: 'cannotChangeOwnerAcl' })
    await share(calendarId, 'writer')
    expect((await hers.api.acl.list({ calendarId })).data.items).toHaveLength(2)
    const write = hers.api.acl.insert({
      calendarId,
      requestBody: { role: 'reader', scope: { type: 'default' } },
    })
    expect(await refusal(write)).toEqual({ status: 403, reason: 'forbidden' })
    await share(calendarId, 'reader')
    expect(await refusal(hers.api.acl.list({ calendarId }))).toEqual({ status: 403, reason: 'forbidden' })
  })
})
