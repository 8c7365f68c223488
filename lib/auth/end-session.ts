import { database } from '#db/client.ts'
import { readMemberships } from '#db/queries/members.ts'
import { bumpSessionVersion, insertEndedSession } from '#db/queries/users.ts'
import { env } from '#lib/env.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Session } from './session.ts'

const db = () => database(env().DATABASE_URL).db

/** Signing out: the token of this session is refused from now on, copies included. */
export const endSession = async ({ userId, sessionId, until }: Session) => {
  if (sessionId === null) return
  await insertEndedSession(db(), { sessionId, until })
  await publishAccess(userId)
}

/** Signing out everywhere: every token of the user is refused from now on. */
export const endAllSessions = async (userId: string) => {
  await bumpSessionVersion(db(), userId)
  await publishAccess(userId)
}

/** Open streams of the user's businesses check whether their session has ended. */
const publishAccess = async (userId: string) => {
  for (const { businessId } of await readMemberships(db(), userId)) await publishChange(db(), businessId, 'access')
}
