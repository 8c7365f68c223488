import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { authClient, CALENDAR_SCOPES, connect, refusal } from '../connect.ts'
import { type Google, startGoogle } from '../server.ts'
import { control } from '../testing.ts'
import { DEFAULT_CLIENT } from '../world.ts'

const email = 'olive@example.com'
const [, EMAIL, LIST, EVENTS] = [
  'openid',
  'https://www.googleapis.com/auth/userinfo.email',
  ...CALENDAR_SCOPES.slice(2),
]
const redirectUri = DEFAULT_CLIENT.redirectUris.at(-1) ?? ''

const google: Google = await startGoogle()
beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive Harbour', timeZone: 'Europe/Berlin' })
  google.person.addAccount({ email: 'mia@example.com', name: 'Mia <Chen>', timeZone: 'Europe/Berlin' })
})
afterAll(() => google.stop())

const standard = {
  client_id: DEFAULT_CLIENT.id,
  redirect_uri: redirectUri,
  response_type: 'code',
  scope: CALENDAR_SCOPES.join(' '),
  access_type: 'offline',
  state: 's t&te',
}
const authUrl = (params: Record<string, string> = {}) =>
  `${google.url}/o/oauth2/v2/auth?${new URLSearchParams({ ...standard, ...params })}`
const visit = (params: Record<string, string> = {}) => fetch(authUrl(params), { redirect: 'manual' })

async function consent(params: Record<string, string> = {}, allow: 'all' | 'none' | string[] = 'all') {
  const { location } = (await control(google.url, 'authorize', {
    body: { url: authUrl(params), email, allow },
  })) as { location: string }
  return new URL(location).searchParams
}

async function token(form: Record<string, string>) {
  const body = new URLSearchParams({
    client_id: DEFAULT_CLIENT.id,
    client_secret: DEFAULT_CLIENT.secret,
    ...form,
  })
  const response = await fetch(`${google.url}/token`, { method: 'POST', body })
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) } as Record<
    string,
    unknown
  > & { status: number }
}

const exchange = (code: string | null, more: Record<string, string> = {}) =>
  token({ grant_type: 'authorization_code', code: code ?? '', redirect_uri: redirectUri, ...more })

describe('authorize', () => {
  test.each([
    [{ client_id: 'unknown' }, 401, 'invalid_client'],
    [{ redirect_uri: `${redirectUri}/` }, 400, 'redirect_uri_mismatch'],
    [{ response_type: '' }, 400, 'invalid_request'],
    [{ scope: '' }, 400, 'invalid_request'],
    [{ scope: 'openid made.up' }, 400, 'invalid_scope'],
    [{ code_challenge_method: 'S256', code_challenge: 'short' }, 400, 'invalid_request'],
  ])('%o gets an error page, not a redirect', async (params, status, code) => {
    const response = await visit(params)
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain(code)
  })

  test('shows the chooser, then consent with a checkbox per permission, then returns the code', async () => {
    const chooser = await (await visit()).text()
    expect(chooser).toContain('This is an emulator')
    expect(chooser).toContain('Mia &#60;Chen&#62;')
    const query = new URL(authUrl()).search
    const post = (step: string, form: [string, string][]) =>
      fetch(`${google.url}/o/oauth2/v2/auth/${step}${query}`, {
        method: 'POST',
        body: new URLSearchParams(form),
        redirect: 'manual',
      })
    const page = await (await post('account', [['email', email]])).text()
    expect(page.match(/type="checkbox" name="scope"/g)).toHaveLength(2)
    expect(page).not.toContain(' checked')
    expect(page).toContain('View and edit events on all your calendars')
    expect(page).toContain('Select all')
    const answered = await post('consent', [
      ['email', email],
      ['answer', 'allow'],
      ['scope', EVENTS ?? ''],
    ])
    const location = new URL(answered.headers.get('location') ?? '')
    expect(location.href.startsWith(redirectUri)).toBe(true)
    expect(location.searchParams.get('state')).toBe('s t&te')
    expect(location.searchParams.get('scope')?.split(' ')).toEqual(['openid', EMAIL, EVENTS])
    const tokens = await exchange(location.searchParams.get('code'))
    expect(tokens).toMatchObject({
      status: 200,
      token_type: 'Bearer',
      expires_in: 3599,
      scope: `openid ${EMAIL} ${EVENTS}`,
    })
  })

  test('one permission has only Allow and Cancel; consent to sign-in is remembered', async () => {
    const single = await (await visit({ scope: `openid ${LIST}`, login_hint: email })).text()
    expect(single).not.toContain('checkbox')
    expect(single).toContain('>Allow<')
    expect((await consent({}, 'none')).get('error')).toBe('access_denied')
    const signIn = { scope: 'openid email profile', login_hint: email }
    expect((await visit(signIn)).status).toBe(200)
    await consent(signIn)
    const silent = await visit(signIn)
    expect(silent.status).toBe(302)
    const again = await exchange(new URL(silent.headers.get('location') ?? '').searchParams.get('code'))
    expect(again).not.toHaveProperty('refresh_token')
    expect((await visit({ ...signIn, prompt: 'consent' })).status).toBe(200)
    expect(await (await visit({ ...signIn, prompt: 'select_account' })).text()).toContain('Choose an account')
  })

  test('prompt=none never shows a page', async () => {
    const answer = async (params: object) =>
      new URL((await visit({ prompt: 'none', ...params })).headers.get('location') ?? '').searchParams
    expect((await answer({})).get('error')).toBe('login_required')
    expect((await answer({ login_hint: email })).get('error')).toBe('consent_required')
    await consent()
    expect((await answer({ login_hint: email })).get('code')).toMatch(/^4\/0A/)
  })
})

describe('token', () => {
  test('a code works once, for ten minutes, with the same redirect URI and client', async () => {
    const code = (await consent()).get('code')
    expect(await exchange(code, { redirect_uri: 'http://localhost:3000/other' })).toMatchObject({
      status: 400,
      error: 'redirect_uri_mismatch',
    })
    expect(await exchange(code)).toMatchObject({
      status: 200,
      refresh_token: expect.stringMatching(/^1\/\/0/),
    })
    expect(await exchange(code)).toMatchObject({ status: 400, error: 'invalid_grant' })
    const late = (await consent()).get('code')
    await control(google.url, 'clock', { body: { advanceSeconds: 601 } })
    expect(await exchange(late)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect(await exchange('x', { client_secret: 'wrong' })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    })
    expect(await exchange('x', { client_id: 'unknown' })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    })
    expect(await token({ grant_type: 'password' })).toMatchObject({
      status: 400,
      error: 'unsupported_grant_type',
    })
  })

  test('PKCE', async () => {
    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const code = (await consent({ code_challenge: challenge, code_challenge_method: 'S256' })).get('code')
    expect(await exchange(code)).toMatchObject({
      error: 'invalid_grant',
      error_description: 'Missing code verifier.',
    })
    expect(await exchange(code, { code_verifier: `${verifier}x` })).toMatchObject({ error: 'invalid_grant' })
    expect(await exchange(code, { code_verifier: verifier })).toMatchObject({ status: 200 })
  })

  test('id tokens verify against the published keys and match userinfo', async () => {
    const code = (await consent({ scope: 'openid email profile', nonce: 'n1' })).get('code')
    const tokens = await exchange(code)
    const auth = authClient(google.url)
    const ticket = await auth.verifyIdToken({ idToken: String(tokens.id_token), audience: DEFAULT_CLIENT.id })
    expect(ticket.getPayload()).toMatchObject({
      iss: 'https://accounts.google.com',
      email,
      email_verified: true,
      name: 'Olive Harbour',
      nonce: 'n1',
    })
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const read = async (path: string) => (await fetch(google.url + path, { headers })).json()
    expect(await read('/v1/userinfo')).toMatchObject({ sub: ticket.getUserId(), email, given_name: 'Olive' })
    expect(await read('/oauth2/v2/userinfo')).toMatchObject({ id: ticket.getUserId(), verified_email: true })
    const discovery = (await read('/.well-known/openid-configuration')) as Record<string, string>
    expect(discovery).toMatchObject({
      issuer: 'https://accounts.google.com',
      token_endpoint: `${google.url}/token`,
    })
    expect(await read('/oauth2/v3/certs')).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] })
  })

  test('refreshing keeps the refresh token; access tokens expire after an hour of the virtual clock', async () => {
    const olive = await connect(google.url, { email })
    await control(google.url, 'clock', { body: { advanceSeconds: 3600 } })
    const headers = { authorization: `Bearer ${olive.accessToken}` }
    const stale = await fetch(`${google.url}/calendar/v3/users/me/calendarList`, { headers })
    expect(stale.status).toBe(401)
    expect(stale.headers.get('www-authenticate')).toContain('invalid_token')
    expect(await stale.json()).toMatchObject({
      error: { status: 'UNAUTHENTICATED', errors: [{ reason: 'authError' }] },
    })
    const fresh = await token({ grant_type: 'refresh_token', refresh_token: olive.refreshToken })
    expect(fresh).toMatchObject({ status: 200 })
    expect(fresh).not.toHaveProperty('refresh_token')
  })

  test('the 101st refresh token invalidates the first', async () => {
    const first = await connect(google.url, { email })
    for (let index = 0; index < 100; index++) await exchange((await consent()).get('code'))
    const dead = await token({ grant_type: 'refresh_token', refresh_token: first.refreshToken })
    expect(dead).toMatchObject({ status: 400, error: 'invalid_grant' })
  })

  test('an app in testing admits only test users, and its refresh tokens last seven days', async () => {
    const client = {
      ...DEFAULT_CLIENT,
      id: 'trial',
      project: 'trial',
      publishing: 'testing',
      testUsers: [email],
    } as const
    await control(google.url, 'clients', { body: client })
    expect((await visit({ client_id: 'trial', login_hint: 'mia@example.com' })).status).toBe(403)
    const code = (await consent({ client_id: 'trial' })).get('code')
    const tokens = await exchange(code, { client_id: 'trial' })
    expect(tokens.refresh_token_expires_in).toBe(604_799)
    await control(google.url, 'clock', { body: { advanceSeconds: 604_801 } })
    const late = await token({
      grant_type: 'refresh_token',
      client_id: 'trial',
      refresh_token: String(tokens.refresh_token),
    })
    expect(late).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('scopes and revocation', () => {
  test('a missing scope is 403 with details', async () => {
    const olive = await connect(google.url, { email, scopes: ['openid', LIST ?? ''] })
    const call = olive.api.events.list({ calendarId: 'primary' })
    expect(await refusal(call)).toEqual({ status: 403, reason: 'insufficientPermissions' })
    await expect(olive.api.calendarList.list()).resolves.toMatchObject({ status: 200 })
  })

  test('include_granted_scopes adds earlier grants', async () => {
    await consent({ scope: `openid ${LIST}` })
    const code = (await consent({ scope: `openid ${EVENTS}`, include_granted_scopes: 'true' })).get('code')
    expect(
      String((await exchange(code)).scope)
        .split(' ')
        .sort(),
    ).toEqual([EVENTS, LIST, 'openid'].sort())
  })

  test('revoke invalidates all tokens of the project; a second revoke fails', async () => {
    const sibling = { ...DEFAULT_CLIENT, id: 'sibling' }
    await control(google.url, 'clients', { body: sibling })
    const one = await connect(google.url, { email })
    const two = await connect(google.url, { email, client: sibling })
    await one.auth.revokeToken(one.accessToken)
    const refreshed = await token({
      grant_type: 'refresh_token',
      client_id: 'sibling',
      refresh_token: two.refreshToken,
    })
    expect(refreshed).toMatchObject({
      error: 'invalid_grant',
      error_description: 'Token has been expired or revoked.',
    })
    const again = await fetch(`${google.url}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: one.refreshToken }),
    })
    expect(again.status).toBe(400)
    expect(await again.json()).toMatchObject({ error: 'invalid_token' })
  })
})
