import type { OAuthClient } from '../model.ts'
import { currentKey, type SigningKey } from './key.ts'

export type Code = {
  clientId: string
  email: string
  redirectUri: string
  scopes: string[]
  issuedAt: number
  offline: boolean
  /** Whether the consent page was shown; only then a refresh token is issued. */
  consented: boolean
  nonce?: string
  challenge?: { value: string; method: 'S256' | 'plain' }
  used: boolean
}

export type RefreshToken = {
  clientId: string
  email: string
  scopes: string[]
  issuedAt: number
  lastUsed: number
  expiresAt?: number
}

export type AccessToken = {
  clientId: string
  email: string
  scopes: string[]
  expiresAt: number
  refreshToken?: string
}

export type OAuthState = {
  key: SigningKey
  clients: Map<string, OAuthClient>
  /** Allowed scopes by `email|project`. */
  grants: Map<string, { scopes: string[] }>
  codes: Map<string, Code>
  refreshTokens: Map<string, RefreshToken>
  accessTokens: Map<string, AccessToken>
}

export function createOAuthState(clients: OAuthClient[]): OAuthState {
  return {
    key: currentKey(),
    clients: new Map(clients.map((client) => [client.id, client])),
    grants: new Map(),
    codes: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
  }
}
