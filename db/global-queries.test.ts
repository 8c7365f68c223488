import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow } from '../scripts/checks/sources.ts'

/**
 * Everything that works outside the wall between businesses (`wall.ts`), and why it has to. Whoever
 * adds to this list gives a reason that holds when somebody asks for another business's rows.
 */
const outside: Record<string, string> = {
  // Before anybody is known, or known to work anywhere: people and what they sign in with are
  // nobody's business.
  'db/queries/users.ts knowUser': 'signing in with Google',
  'db/queries/users.ts knowUserOfMailbox': 'signing in with a mailed link',
  'db/queries/users.ts updateBySub': 'part of signing in',
  'db/queries/users.ts insertUser': 'part of signing in',
  'db/queries/users.ts updateByEmail': 'part of signing in',
  'db/queries/users.ts personOfSession': 'whose session it is, and which business it enters: the door itself',
  'db/queries/users.ts bumpSessionVersion': 'one person signs out everywhere',
  'db/queries/export.ts takeLease': 'one export at a time, also of a person with two businesses',
  'db/queries/export.ts releaseLease': 'one export at a time',
  'db/queries/users.ts insertEndedSession': 'one person signs out',
  'db/queries/sign-in-links.ts insertSignInLink': 'mailed to an address, not to a member',
  'db/queries/sign-in-links.ts readSignInLink': 'found by the hash of its secret',
  'db/queries/sign-in-links.ts takeSignInLink': 'found by the hash of its secret',
  'db/queries/rate-limits.ts countAttempt': 'counted per address and person',
  'db/queries/members.ts readMemberships': 'the businesses of one person, to choose from',
  // Coming in: the business is not entered, or not there, until these have run.
  'db/queries/businesses.ts insertBusiness': 'founding',
  'db/queries/invitations.ts readInvitationOfToken': 'found by the hash of its secret',
  'db/queries/invitations.ts readOpenInvitationsTo': 'the invitations to one address, by any business',
  'db/queries/invitations.ts takeInvitation': 'by its id and the address that its holder has proven',
  'db/queries/members.ts lockUser': 'one person founds and joins once at a time',
  'db/queries/members.ts lockUserAndAskMembership': 'founding',
  'db/queries/members.ts lockUserAndReadMember': 'joining',
  'db/queries/members.ts readRarestColour': 'joining',
  'db/queries/members.ts insertMember': 'founding and joining',
  'db/queries/members.ts updateMember': 'coming back; else behind the wall',
  'lib/business/mutations.ts createBusiness': 'founding',
  'lib/team/mutations.ts acceptInvitation': 'joining',
  'lib/team/mutations.ts join': 'joining',
  'lib/activity/record.ts recordActivity': 'of founding and joining; else behind the wall',
  'lib/live/publish.ts publishChange': 'touches no table; of joining, and of a process that tests its own ears',
  // Going: rows of tables that the role of a business may not delete from.
  'db/queries/members.ts readUserIdsOfBusiness': 'erasing a business',
  'db/queries/businesses.ts deleteBusiness': 'erasing a business',
  'db/queries/users.ts deleteUsersWithoutBusiness': 'erasing a business',
  'lib/business/mutations.ts eraseBusiness': 'erasing a business',
  // A Google account may be linked by several businesses, and Google revokes and counts for all of
  // them at once.
  'db/queries/connections.ts countConnectionsOfAccount': 'whether anybody still needs the access; a number',
  'db/queries/connections.ts lockAccount': 'touches no table',
  'db/queries/budget.ts spendBudget': "the account's share of Google's quota; counts",
  'db/queries/budget.ts readMostSpent': 'the same, read by an account that is linked here; a number',
  'db/queries/revocations.ts readRevocation': 'outlives its business',
  'db/queries/revocations.ts deleteRevocation': 'outlives its business',
  'db/queries/revocations.ts postponeRevocation': 'outlives its business',
  // The machine finds out where to work: ids alone, never content.
  'db/queries/connections.ts readBusinessOfConnection': 'whose connection a job names: the door of the engine',
  'db/queries/connections.ts readChannel': 'whose channel rings: found by id, then its secret is compared',
  'db/queries/due.ts enqueueDue': 'what is due, over all connections; queues ids',
  'db/queries/revocations.ts enqueueRevocations': 'queues ids',
  'db/queries/jobs.ts countJobs': 'a number',
  'db/queries/jobs.ts requeueAbandoned': 'jobs of processes that are gone, over all connections; a number',
  'db/queries/jobs.ts readLag': 'health: ages',
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
  'db/queries/rows.ts rowsOf': 'gives rows their type, whoever asks',
}

/**
 * Where statements are written in SQL or with tables; every other file can only call functions that
 * take a walled one.
 */
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

/**
 * A definition begins at the margin; its parameters end at the first arrow behind a closing
 * parenthesis.
 */
const definitions = (text: string) =>
  text
    .split(/^(?=(?:export )?const |(?:export )?(?:async )?function )/m)
    .map((part) => ({ part, name: part.match(/^(?:export )?(?:async )?(?:const|function) (\w+)/)?.[1] }))

const takesOpen = (part: string) => /\bGlobal(Db|Tx)\b/.test(part.split(/\)(?:: [^=\n]+)? =>|\n\): [^=]+ =>/)[0] ?? '')

test('nothing else works outside the wall', async () => {
  const found = (await sources())
    .filter(({ name }) => name !== 'db/client.ts')
    .flatMap(({ name, text }) =>
      definitions(text).flatMap((one) => (one.name && takesOpen(one.part) ? [`${name} ${one.name}`] : [])),
    )
  expect(found.sort()).toEqual(Object.keys(outside).sort())
})

test('no type is read past: what is open has no other name and is not called walled', async () => {
  const others = /\bas (unknown as )?(Db|Tx)\b|^type .*Global(Db|Tx)|Database\['db'\]/m
  const found = (await sources()).filter(({ name, text }) => name !== 'db/client.ts' && others.test(text))
  expect(found.map(({ name }) => name).sort()).toEqual(['db/seed.ts', 'db/tenant.ts'])
})

test('statements are written in db/ and in a few files known by name', async () => {
  const writes = /^import (?!type).*('drizzle-orm|#db\/schema\.ts'|'postgres')|\.sql\b/m
  const found = (await sources()).filter(({ name, text }) => !name.startsWith('db/') && writes.test(text))
  expect(found.map(({ name }) => name).sort()).toEqual([...mayWriteStatements].sort())
})
