import type { OAuthClient } from '../model.ts'
import type { World } from '../world.ts'
import { canonicalScope } from './scopes.ts'

export type AuthRequest = {
  client: OAuthClient
  redirectUri: string
  scopes: string[]
  state: string | null
  offline: boolean
  prompts: string[]
  loginHint: string | null
  includeGranted: boolean
  nonce?: string
  challenge?: { value: string; method: 'S256' | 'plain' }
  /** The original query, passed on from page to page. */
  query: string
}

type Problem = { status: number; code: string; detail: string }

export function readAuthRequest(world: World, query: URLSearchParams): AuthRequest | { problem: Problem } {
  const clientId = query.get('client_id')
  const redirectUri = query.get('redirect_uri')
  if (!clientId) return problem('invalid_request', 'Missing required parameter: client_id')
  const client = world.state.oauth.clients.get(clientId)
  if (!client) return { problem: { status: 401, code: 'invalid_client', detail: 'The OAuth client was not found.' } }
  if (!redirectUri) return problem('invalid_request', 'Missing required parameter: redirect_uri')
  if (!client.redirectUris.includes(redirectUri)) {
    return problem('redirect_uri_mismatch', `This address is not registered for ${client.id}: ${redirectUri}`)
  }
  if (!query.get('response_type')) return problem('invalid_request', 'Missing required parameter: response_type')
  if (query.get('response_type') !== 'code')
    return problem('unsupported_response_type', 'Only response_type=code is offered.')
  const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean).map(canonicalScope)
  if (scopes.length === 0) return problem('invalid_request', 'Missing required parameter: scope')
  const challenge = readChallenge(query)
  if (challenge === 'invalid') return problem('invalid_request', 'Invalid code_challenge or code_challenge_method.')
  const prompts = (query.get('prompt') ?? '').split(' ').filter(Boolean)
  if (
    prompts.some((prompt) => !['none', 'consent', 'select_account'].includes(prompt)) ||
    (prompts.includes('none') && prompts.length > 1)
  ) {
    return problem('invalid_request', 'Invalid parameter value for prompt.')
  }
  return {
    client,
    redirectUri,
    scopes: [...new Set(scopes)],
    state: query.get('state'),
    offline: query.get('access_type') === 'offline',
    prompts,
    loginHint: query.get('login_hint'),
    includeGranted: query.get('include_granted_scopes') === 'true',
    nonce: query.get('nonce') ?? undefined,
    challenge,
    query: query.toString(),
  }
}

function readChallenge(query: URLSearchParams): AuthRequest['challenge'] | 'invalid' {
  const value = query.get('code_challenge')
  const method = query.get('code_challenge_method') ?? 'plain'
  if (!value) return query.has('code_challenge_method') ? 'invalid' : undefined
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(value)) return 'invalid'
  return method === 'S256' || method === 'plain' ? { value, method } : 'invalid'
}

function problem(code: string, detail: string): { problem: Problem } {
  return { problem: { status: 400, code, detail } }
}
