import { randomUUID } from 'node:crypto'
import { insertAccount } from '#db/queries/sync/accounts.ts'
import { members, users } from '#db/schema/business.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { saveBusyCalendars } from '#lib/connection/busy/save.ts'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import { addGrant, issueRefreshToken } from '../../../emulator/oauth/grants.ts'
import { DEFAULT_CLIENT } from '../../../emulator/world.ts'
import { addModel, createModel, type Model, type Services } from '../model.ts'
import { zone } from '../times.ts'

export type TeamMember = {
  viewer: Viewer
  email: string
  sub: string
  /** For their appointments, and the one that only blocks their time. */
  own: string
  busy: string
}

/**
 * A business with eight synced calendars of four Google accounts: its own in the account of Olive,
 * two each of Olive, Mia and Ben, for appointments and busy, and one of Zoe, whom nothing else
 * blocks.
 */
export type Team = Model & {
  team: TeamMember[]
  /** The calendars where each appointment belonged when the last run began. */
  wanted: Map<string, string[]>
  /** The last change that people made to each shared field of an event. */
  edits: Model['editsInGoogle']
  /** The calendars that only a person could repair when the last run began. */
  stopped: string[]
  /** Deletions while the appointment was missing where it belonged; `remaining`: where it was. */
  gaps: { name: string; missing: string; remaining: string[] }[]
  /** Those of them that no rule allows. */
  violations: string[]
}

export const createTeam = async (services: Services): Promise<Team> => joinModel(await createModel(services))

/** One more business beside the existing ones. */
export const addTeam = async (services: Services): Promise<Team> => joinModel(await addModel(services))

const joinModel = async (model: Model): Promise<Team> => {
  const { fixture } = model
  const olive = { viewer: fixture.viewer, email: fixture.email, sub: fixture.sub }
  const mia = await existing(model)
  const people = [olive, mia, await join(model, 'Ben'), await join(model, 'Zoe')]
  const team = people.map((person) => ({ ...person, ...calendarsOf(model, person.email) }))
  model.accounts = [
    { email: fixture.email, calendarIds: [fixture.calendarId, ...idsOf(team[0])] },
    ...team.slice(1).map((member) => ({ email: member.email, calendarIds: idsOf(member) })),
  ]
  const made: Team = { ...model, team, wanted: new Map(), edits: new Map(), stopped: [], gaps: [], violations: [] }
  await Promise.all(team.map((member) => linkOwn(made, member)))
  return made
}

const idsOf = (member: Pick<TeamMember, 'own' | 'busy'> | undefined) => (member ? [member.own, member.busy] : [])

const calendarsOf = ({ google }: Model, email: string) => {
  const add = (summary: string) => google.person.addCalendar({ email, summary, timeZone: zone }).id
  return { own: add('Jobs'), busy: add('Life') }
}

type Person = Pick<TeamMember, 'viewer' | 'email' | 'sub'>

const existing = async ({ google, fixture, database }: Model): Promise<Person> => {
  const [row] = await database.sql<{ userId: string; email: string }[]>`
    select user_id as "userId", email from members where id = ${fixture.staffId}`
  const email = row?.email ?? ''
  const { sub } = google.person.addAccount({ email, name: 'Mia Chen', timeZone: zone })
  const { userId = '' } = row ?? {}
  return { viewer: staff(fixture.viewer, { userId, memberId: fixture.staffId, email, name: 'Mia Chen' }), email, sub }
}

const join = async ({ google, fixture, database }: Model, name: string): Promise<Person> => {
  const [userId, memberId] = [randomUUID(), randomUUID()]
  const email = `${name.toLowerCase()}-${userId.slice(0, 8)}@harbour.example`
  const { businessId } = fixture
  await database.db.insert(users).values({ id: userId, email, name })
  await database.db
    .insert(members)
    .values({ id: memberId, businessId, userId, role: 'staff', name, email, colour: name.length })
  const { sub } = google.person.addAccount({ email, name, timeZone: zone })
  return { viewer: staff(fixture.viewer, { userId, memberId, email, name }), email, sub }
}

const staff = (owner: Viewer, who: Pick<Viewer, 'userId' | 'memberId' | 'email' | 'name'>): Viewer => ({
  ...owner,
  ...who,
  role: 'staff',
})

/** Links the member's account, if it is not, and chooses their two calendars. */
export const linkOwn = async ({ google, database, fixture }: Model, member: TeamMember): Promise<void> => {
  const { businessId } = fixture
  const { memberId } = member.viewer
  const [linked] = await database.sql`
    select from google_accounts where business_id = ${businessId} and member_id = ${memberId}`
  if (!linked) {
    const id = randomUUID()
    const grant = { email: member.email, client: DEFAULT_CLIENT, scopes: linkScopes }
    addGrant(google.world, grant)
    const refreshToken = sealToken(issueRefreshToken(google.world, grant).token, id)
    await database.db.transaction((tx) =>
      insertAccount(tx, {
        ...{ id, businessId, memberId, linkedBy: memberId, googleSub: member.sub, googleEmail: member.email },
        ...{ scopes: linkScopes, refreshToken },
      }),
    )
  }
  const choice = { id: member.own, name: 'Jobs', timeZone: zone, access: 'owner' as const }
  await chooseCalendar(member.viewer, { ...choice, primary: false, disabledBecause: null }, 'member')
  if (member.viewer.name !== 'Zoe')
    await saveBusyCalendars(member.viewer, 'member', [{ calendarId: member.busy, blocksMemberIds: null }])
}

export type SyncedOf = {
  id: string
  calendarId: string
  googleSub: string
  memberId: string | null
  purpose: 'appointments' | 'busy'
  lastFailureKind: string | null
  /** UTC, as `Date.toISOString` writes it. */
  lastSuccessAt: string | null
  isRequested: boolean
  /** No run writes to it before a person acts. */
  isStopped: boolean
}

/** The synced calendars of the business, in the order in which commands number them. */
export const syncedCalendars = async ({ database: { sql }, fixture }: Model): Promise<SyncedOf[]> => [
  ...(await sql<SyncedOf[]>`
    select c.id, c.calendar_id as "calendarId", g.google_sub as "googleSub", c.member_id as "memberId", c.purpose,
      c.last_failure_kind as "lastFailureKind", r.requested > r.processed as "isRequested",
      c.waits_for_person and c.retry_at is null as "isStopped",
      to_char(c.last_success_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "lastSuccessAt"
    from synced_calendars c join google_accounts g on g.id = c.account_id
      join sync_requests r on r.synced_calendar_id = c.id
    where c.business_id = ${fixture.businessId} order by c.purpose, c.calendar_id`),
]
