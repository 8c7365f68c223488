import { readBusinessCalendar } from '#db/queries/sync/calendars.ts'
import { finishLink } from '#lib/connection/link.ts'
import { accessOf, challengeOf, newOAuthState, type OAuthState } from '#lib/connection/oauth-state.ts'
import { authorizationUrl } from '#lib/google/oauth.ts'
import { scopesOf, type Whose } from '#lib/google/scopes.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import type { Google } from '../emulator/server.ts'
import { control } from '../emulator/testing.ts'
import { DEFAULT_CLIENT } from '../emulator/world.ts'
import type { SyncFixture } from './sync-fixture.ts'

const redirectUri = 'http://localhost:3999/api/google/callback'

/** The link flow of a member with its consent page. `allow`: the permissions ticked there. */
export const relink = async (
  fixture: Pick<SyncFixture, 'viewer' | 'email'>,
  google: Pick<Google, 'url'>,
  options: {
    allow?: 'all' | 'none' | string[]
    email?: string
    whose?: Whose
    wish?: Pick<OAuthState, 'access' | 'calendarId'>
  } = {},
) => {
  await control(google.url, 'clients', {
    body: { id: DEFAULT_CLIENT.id, secret: DEFAULT_CLIENT.secret, redirectUris: [redirectUri] },
  })
  const whose = options.whose ?? 'business'
  const oauthState = newOAuthState(fixture.viewer, whose, options.wish)
  const url = authorizationUrl({
    redirectUri,
    scopes: scopesOf(accessOf(oauthState)),
    state: oauthState.state,
    codeChallenge: challengeOf(oauthState.verifier),
    prompt: 'consent',
    offline: true,
  })
  const answered = (await control(google.url, 'authorize', {
    body: { url, email: options.email ?? fixture.email, allow: options.allow ?? 'all' },
  })) as { location: string }
  const query = new URL(answered.location).searchParams
  const linked = await finishLink(fixture.viewer, oauthState, {
    code: query.get('code'),
    state: query.get('state'),
    error: query.get('error'),
  })
  return linked.outcome
}

/** Links the account again, chooses a calendar and syncs it; by default those of the fixture. */
export const linkAndSync = async (
  fixture: SyncFixture,
  to: { email?: string; calendarId?: string } = {},
): Promise<void> => {
  await relink(fixture, fixture.google, to.email ? { email: to.email } : {})
  await fixture.select(to.calendarId ?? fixture.calendarId, 'Work')
  const calendar = await readBusinessCalendar(fixture.database.db, fixture.businessId)
  if (!calendar) throw new Error('Not linked.')
  await syncCalendar(fixture.database, calendar.id)
}
