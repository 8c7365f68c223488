import { type Context, type Reply, redirect } from '../http.ts'
import type { Account, OAuthClient } from '../model.ts'
import { randomToken, type World } from '../world.ts'
import { type AuthRequest, readAuthRequest } from './auth-request.ts'
import { addGrant, grantedScopes } from './grants.ts'
import { chooserPage, consentPage, errorPage } from './pages.ts'
import { isKnownScope, SIGN_IN_SCOPES } from './scopes.ts'

/** `GET /o/oauth2/v2/auth`: an invalid request gets an error page and no redirect. */
export function authorize(context: Context): Reply {
  const request = readAuthRequest(context.world, context.query)
  if ('problem' in request) return errorPage(request.problem)
  context.logFields.clientId = request.client.id
  const unknown = request.scopes.filter((scope) => !isKnownScope(scope))
  if (unknown.length > 0) {
    return errorPage({
      status: 400,
      code: 'invalid_scope',
      detail: `Some requested scopes cannot be shown: ${unknown.join(' ')}`,
    })
  }
  const account = hintedAccount(context.world, request.loginHint)
  if (request.prompts.includes('none')) return authorizeSilently(context.world, { request, account })
  if (!account || request.prompts.includes('select_account')) {
    return chooserPage({ request, accounts: [...context.world.state.accounts.values()] })
  }
  return continueAs(context.world, { request, account })
}

/** `POST` of the account chooser. */
export function chooseAccount(context: Context): Reply {
  const request = readAuthRequest(context.world, context.query)
  if ('problem' in request) return errorPage(request.problem)
  const account = context.world.state.accounts.get(new URLSearchParams(context.body.toString()).get('email') ?? '')
  if (!account) return errorPage({ status: 400, code: 'invalid_request', detail: 'No such account.' })
  context.logFields.email = account.email
  return continueAs(context.world, { request, account })
}

/** `POST` of the consent page. */
export function answerConsent(context: Context): Reply {
  const request = readAuthRequest(context.world, context.query)
  if ('problem' in request) return errorPage(request.problem)
  const form = new URLSearchParams(context.body.toString())
  const account = context.world.state.accounts.get(form.get('email') ?? '')
  if (!account) return errorPage({ status: 400, code: 'invalid_request', detail: 'No such account.' })
  context.logFields.email = account.email
  if (form.get('answer') !== 'allow') return redirectBack(request, { error: 'access_denied' })
  const ticked = new Set(form.getAll('scope'))
  const choices = request.scopes.filter((scope) => !SIGN_IN_SCOPES.has(scope))
  const scopes = request.scopes.filter(
    (scope) => SIGN_IN_SCOPES.has(scope) || choices.length === 1 || ticked.has(scope),
  )
  return grantCode(context.world, { request, account, scopes, consented: true })
}

function continueAs(world: World, { request, account }: { request: AuthRequest; account: Account }): Reply {
  if (isNotTestUser(request.client, account)) {
    return errorPage({
      status: 403,
      code: 'access_denied',
      detail: `${request.client.id} is being tested and ${account.email} is not one of its test users.`,
    })
  }
  if (needsConsent(world, { request, account })) {
    return consentPage({ request, account, ticked: world.state.switches.consentTicked })
  }
  return grantCode(world, { request, account, scopes: request.scopes, consented: false })
}

function isNotTestUser(client: OAuthClient, account: Account): boolean {
  return client.publishing === 'testing' && client.testUsers.length > 0 && !client.testUsers.includes(account.email)
}

function needsConsent(world: World, { request, account }: { request: AuthRequest; account: Account }): boolean {
  if (request.prompts.includes('consent')) return true
  const granted = grantedScopes(world, { email: account.email, client: request.client })
  return request.scopes.some((scope) => !granted.includes(scope))
}

function authorizeSilently(
  world: World,
  { request, account }: { request: AuthRequest; account: Account | undefined },
): Reply {
  if (!account) return redirectBack(request, { error: 'login_required' })
  if (isNotTestUser(request.client, account)) return redirectBack(request, { error: 'interaction_required' })
  if (needsConsent(world, { request, account })) return redirectBack(request, { error: 'consent_required' })
  return grantCode(world, { request, account, scopes: request.scopes, consented: false })
}

function grantCode(
  world: World,
  {
    request,
    account,
    scopes,
    consented,
  }: { request: AuthRequest; account: Account; scopes: string[]; consented: boolean },
): Reply {
  const { client } = request
  const before = grantedScopes(world, { email: account.email, client })
  addGrant(world, { email: account.email, client, scopes })
  const granted = request.includeGranted ? [...new Set([...scopes, ...before])] : scopes
  deleteOldCodes(world)
  const code = randomToken('4/0A')
  world.state.oauth.codes.set(code, {
    clientId: client.id,
    email: account.email,
    redirectUri: request.redirectUri,
    scopes: granted,
    issuedAt: world.now(),
    offline: request.offline,
    consented,
    nonce: request.nonce,
    challenge: request.challenge,
    used: false,
  })
  const prompt = consented ? 'consent' : 'none'
  return redirectBack(request, { code, scope: granted.join(' '), authuser: '0', prompt })
}

function deleteOldCodes(world: World): void {
  const { codes } = world.state.oauth
  const hourAgo = world.now() - 3_600_000
  for (const [value, { issuedAt }] of codes) if (issuedAt < hourAgo) codes.delete(value)
}

function redirectBack(request: AuthRequest, params: Record<string, string>): Reply {
  const url = new URL(request.redirectUri)
  if (request.state !== null) url.searchParams.set('state', request.state)
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  return redirect(url.href)
}

function hintedAccount(world: World, hint: string | null): Account | undefined {
  if (!hint) return
  return [...world.state.accounts.values()].find(
    ({ email, sub }) => email.toLowerCase() === hint.toLowerCase() || sub === hint,
  )
}
