import { readConnectionOfBusiness } from '#db/queries/connections.ts'
import { chooseCalendar } from '#lib/connection/choose.ts'
import { finishLink } from '#lib/connection/link.ts'
import { challengeOf, newOAuthState } from '#lib/connection/oauth-state.ts'
import { authorizationUrl } from '#lib/google/oauth.ts'
import { linkScopes } from '#lib/google/scopes.ts'
import type { Google } from '../emulator/server.ts'
import { control } from '../emulator/testing.ts'
import { DEFAULT_CLIENT } from '../emulator/world.ts'
import type { TestDatabase } from './database.ts'
import type { SyncFixture } from './sync-fixture.ts'

const redirectUri = 'http://localhost:3999/api/google/callback'

/** Goes through the link flow as the owner does, consent page included. `allow`: what is ticked there. */
export const relink = async (
  fixture: Pick<SyncFixture, 'viewer' | 'email'>,
  google: Pick<Google, 'url'>,
  options: { allow?: 'all' | 'none' | string[]; email?: string } = {},
) => {
  await control(google.url, 'clients', {
    body: { id: DEFAULT_CLIENT.id, secret: DEFAULT_CLIENT.secret, redirectUris: [redirectUri] },
  })
  const ticket = newOAuthState(fixture.viewer)
  const url = authorizationUrl({
    redirectUri,
    scopes: linkScopes,
    state: ticket.state,
    codeChallenge: challengeOf(ticket.verifier),
    prompt: 'consent',
    offline: true,
  })
  const answered = (await control(google.url, 'authorize', {
    body: { url, email: options.email ?? fixture.email, allow: options.allow ?? 'all' },
  })) as { location: string }
  const query = new URL(answered.location).searchParams
  const linked = await finishLink(fixture.viewer, ticket, {
    code: query.get('code'),
    state: query.get('state'),
    error: query.get('error'),
  })
  return linked.outcome
}

/** The account once more, and a calendar of it chosen: those from before unless told. */
export const linkAgain = async (
  database: TestDatabase,
  fixture: SyncFixture,
  google: Pick<Google, 'url'>,
  to: { email?: string; calendarId?: string } = {},
): Promise<string> => {
  await relink(fixture, google, to.email ? { email: to.email } : {})
  await chooseCalendar(fixture.viewer, {
    id: to.calendarId ?? fixture.calendarId,
    name: 'Work',
    timeZone: 'Australia/Sydney',
    access: 'owner',
    primary: false,
    disabledBecause: null,
  })
  const connection = await readConnectionOfBusiness(database.db, fixture.businessId)
  if (!connection) throw new Error('Not linked.')
  return connection.id
}
