import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow } from '../scripts/checks/sources.ts'

/**
 * The complete list of functions that take a database over all businesses instead of a
 * tenant-scoped one (`tenant.ts`). The reason must hold even if the caller asks for another
 * business's rows.
 */
const globalQueries: Record<string, string> = {
  // Signing in, before any business is entered: users and sign-in links belong to no business.
  'db/queries/users.ts knowUser': 'signing in with Google',
  'db/queries/users.ts knowUserOfMailbox': 'signing in with a mailed link',
  'db/queries/users.ts updateBySub': 'part of signing in',
  'db/queries/users.ts insertUser': 'part of signing in',
  'db/queries/users.ts updateByEmail': 'part of signing in',
  'db/queries/users.ts personOfSession': 'the session check: its user, and the business it enters',
  'db/queries/users.ts bumpSessionVersion': 'one person signs out everywhere',
  'db/queries/jobs/leases.ts takeLease': 'one export of a person with two businesses, one job of an endpoint at a time',
  'db/queries/jobs/leases.ts releaseLease': 'the same',
  'db/queries/jobs/leases.ts passLease': 'an endpoint rests',
  'db/queries/jobs/leases.ts readLeaseSeconds': 'a number',
  'db/queries/users.ts insertEndedSession': 'one person signs out',
  'db/queries/sign-in-links.ts insertSignInLink': 'mailed to an address, not to a member',
  'db/queries/sign-in-links.ts readSignInLink': 'found by the hash of its secret',
  'db/queries/sign-in-links.ts takeSignInLink': 'found by the hash of its secret',
  'db/queries/rate-limits.ts countAttempt': 'counted per address and person',
  'db/queries/rate-limits.ts uncountAttempt': 'counted per address and person',
  'db/queries/rate-limits.ts takeToken': 'counted per API key',
  'db/queries/receptionist/api-keys.ts readApiKeyOfSecret': 'found by the hash of its secret',
  'db/queries/receptionist/api-keys.ts takeTokenOfSecret': 'found by the hash of its secret; counted per API key',
  'db/queries/receptionist/api-keys.ts readBusinessesOfOwner': 'operators: a key for an owner; ids and names',
  'db/queries/members.ts readMemberships': 'the businesses of one person, to choose from',
  // Founding and joining: the business cannot be entered before these have run.
  'db/queries/businesses.ts insertBusiness': 'founding',
  'db/queries/invitations.ts readInvitationOfToken': 'found by the hash of its secret',
  'db/queries/invitations.ts readOpenInvitationsTo': 'the invitations to one address, by any business',
  'db/queries/invitations.ts takeInvitation': 'by its id and the address that its holder has proven',
  'db/queries/members.ts lockUser': 'one person founds and joins once at a time',
  'db/queries/members.ts lockUserAndAskMembership': 'founding',
  'db/queries/members.ts lockUserAndReadMember': 'joining',
  'db/queries/members.ts readRarestColour': 'joining',
  'db/queries/members.ts insertMember': 'founding and joining',
  'db/queries/members.ts updateMember': 'rejoining; otherwise tenant-scoped',
  'lib/business/mutations.ts createBusiness': 'founding',
  'lib/team/mutations.ts acceptInvitation': 'joining',
  'lib/team/mutations.ts join': 'joining',
  'lib/activity/record.ts recordActivity': 'founding and joining; otherwise tenant-scoped',
  'lib/live/publish.ts publishChange': 'touches no table; joining, and a process that tests its own LISTEN',
  // Erasing: tables that the tenant role may not delete from.
  'db/queries/members.ts readUserIdsOfBusiness': 'erasing a business',
  'db/queries/businesses.ts deleteBusiness': 'erasing a business',
  'db/queries/users.ts deleteUsersWithoutBusiness': 'erasing a business',
  'lib/business/mutations.ts eraseBusiness': 'erasing a business',
  // Several businesses may link one Google account and share its grant and its quota.
  'db/queries/sync/accounts.ts countLinksOfAccount': 'whether the grant is still in use; a number',
  'db/queries/sync/accounts.ts lockGoogleAccount': 'touches no table',
  'db/queries/sync/budget.ts spendBudget': "the account's share of Google's quota; counts",
  'db/queries/sync/budget.ts readMostSpent': 'the same, read by an account that is linked here; a number',
  'db/queries/sync/revocations.ts readRevocation': 'outlives its business',
  'db/queries/sync/revocations.ts deleteRevocation': 'outlives its business',
  'db/queries/sync/revocations.ts postponeRevocation': 'outlives its business',
  // Finding work: these answer ids only, never content.
  'db/queries/sync/calendars.ts readBusinessOfCalendar': 'the business of the calendar that a job names',
  'db/queries/sync/calendars.ts readChannel':
    'the channel of a push notification: found by id, then its secret is compared',
  'db/queries/sync/sync-requests.ts readRequested': 'whether the run of a calendar has to be repeated; two numbers',
  'db/queries/webhooks/webhooks.ts readBusinessOfWebhook': 'the business of the endpoint that a job names',
  'lib/sync/enqueue.ts enqueueNotified': 'the calendar of a channel whose secret was right; a time and a job',
  'lib/sync/enqueue.ts request': 'the same; otherwise tenant-scoped',
  'db/queries/sync/due.ts enqueueDue': 'what is due, over all calendars; queues ids',
  'db/queries/sync/revocations.ts enqueueRevocations': 'queues ids',
  'db/queries/webhooks/deliveries.ts enqueueDueWebhooks': 'queues ids',
  'db/queries/receptionist/holds.ts takeExpiredHolds': 'what expired, over all businesses; ids',
  'db/queries/changes.ts insertChanges': 'reports what expired; otherwise tenant-scoped',
  'db/queries/jobs/cleanup.ts deleteOldApiRequests': 'deletes what is old; answers nothing',
  'db/queries/jobs/cleanup.ts deleteOldDeliveries': 'the same',
  'db/queries/jobs/cleanup.ts deleteOldIdempotencyKeys': 'the same',
  'db/queries/jobs/cleanup.ts deleteOldLeases': 'the same',
  'db/queries/receptionist/test-appointments.ts deleteOldTestAppointments': 'the same',
  'db/queries/series/planning.ts readSeriesToPlan': 'series whose horizon moves on, over all businesses; ids',
  'db/queries/series/planning.ts deleteOldSeriesOperations': 'deletes what is old; answers nothing',
  'db/queries/sync/jobs.ts countJobs': 'a number',
  'db/queries/sync/jobs.ts requeueAbandoned': 'jobs of dead processes, over all calendars; a number',
  'db/queries/sync/jobs.ts readAbandoned': 'the same: ids',
  'db/queries/sync/jobs.ts readLag': 'health: ages',
  'db/queries/operations.ts noteSchedulerRun': 'a time',
  'db/queries/operations.ts readSchedulerAge': 'an age',
  'db/queries/operations.ts readFleet': 'operators: counts and ages',
  'db/queries/operations.ts readTroubleByKind': 'operators: counts and ages',
  'db/queries/operations.ts readQueue': 'operators: counts',
  'db/queries/operations.ts readQuota': 'operators: counts',
  'db/queries/operations.ts readSealedTokens': 'rotation of keys: sealed texts',
  'db/queries/operations.ts replaceSealedToken': 'rotation of keys',
  'lib/google/rotate-keys.ts checkSeals': 'rotation of keys',
  'lib/google/rotate-keys.ts checkSeal': 'rotation of keys',
  'db/queries/rows.ts rowsOf': 'types the rows of any statement',
}

/** Files outside db/ that write SQL or use tables; the others only call functions of db/. */
const mayWriteStatements = [
  'lib/activity/record.ts',
  'lib/live/publish.ts',
  'lib/sync/enqueue.ts',
  'lib/sync/lock.ts',
  'lib/live/hub.ts',
]

const folders = ['app', 'components', 'lib', 'db']
const root = path.resolve(import.meta.dirname, '..')

const sources = async () => {
  const names = (await Promise.all(folders.map((folder) => filesBelow(root, folder)))).flat()
  const product = names.filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|\/testing\//.test(name))
  return Promise.all(product.map(async (name) => ({ name, text: await readFile(path.join(root, name), 'utf8') })))
}

/** A definition begins at column 0; its parameters end at the first arrow after `)`. */
const definitions = (text: string) =>
  text
    .split(/^(?=(?:export )?const |(?:export )?(?:async )?function )/m)
    .map((part) => ({ part, name: part.match(/^(?:export )?(?:async )?(?:const|function) (\w+)/)?.[1] }))

const takesGlobal = (part: string) =>
  /\bGlobal(Db|Tx)\b/.test(part.split(/\)(?:: [^=\n]+)? =>|\n\): [^=]+ =>/)[0] ?? '')

test('no other function takes a database over all businesses', async () => {
  const found = (await sources())
    .filter(({ name }) => name !== 'db/client.ts')
    .flatMap(({ name, text }) =>
      definitions(text).flatMap((one) => (one.name && takesGlobal(one.part) ? [`${name} ${one.name}`] : [])),
    )
  expect(found.sort()).toEqual(Object.keys(globalQueries).sort())
})

test('no cast or alias gets around the types: a global database is never called tenant-scoped', async () => {
  const others = /\bas (unknown as )?(Db|Tx)\b|^type .*Global(Db|Tx)|Database\['db'\]/m
  const found = (await sources()).filter(({ name, text }) => name !== 'db/client.ts' && others.test(text))
  expect(found.map(({ name }) => name).sort()).toEqual(['db/seed.ts', 'db/tenant.ts'])
})

test('statements are written in db/ and in the listed files only', async () => {
  const writes = /^import (?!type).*('drizzle-orm|#db\/schema\/[\w-]+\.ts'|'postgres')|\.sql\b/m
  const found = (await sources()).filter(({ name, text }) => !name.startsWith('db/') && writes.test(text))
  expect(found.map(({ name }) => name).sort()).toEqual([...mayWriteStatements].sort())
})
