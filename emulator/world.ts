import { randomBytes } from 'node:crypto'
import type { RequestLog } from './log.ts'
import { createLog } from './log.ts'
import type { Account, CalendarStore, Change, Channel, Fault, OAuthClient } from './model.ts'
import type { OAuthState } from './oauth/state.ts'
import { createOAuthState } from './oauth/state.ts'
import { defaultSwitches, type Switches } from './switches.ts'

/** The part of the world that is written to the state file. */
export type State = {
  accounts: Map<string, Account>
  calendars: Map<string, CalendarStore>
  oauth: OAuthState
  channels: Map<string, Channel>
  /** Number of the latest change; each change of an event or a list entry takes the next number. */
  seq: number
  lastEtag: number
  clockOffset: number
  switches: Switches
}

/** One emulated Google: its state, faults, request log and virtual clock. */
export type World = {
  /** Base URL of this server; set once it listens. */
  origin: string
  state: State
  faults: Fault[]
  log: RequestLog
  /** Positions of the change log at which reads are held; see `calendar/lists/lag.ts`. */
  heldReads: { list?: number; get?: number }
  /**
   * Milliseconds since the epoch by the virtual clock: real time plus the offset set through the
   * control API.
   */
  now(): number
  nextSeq(): number
  nextEtag(): string
  /** Reports that the state changed, so that it is written to its file. */
  touch(): void
  onTouch: (() => void) | undefined
  /** Calls `touch` and all subscribers. */
  notify(change: Change): void
  subscribe(listener: (change: Change) => void): () => void
}

export const DEFAULT_CLIENT: OAuthClient = {
  id: 'sophiie-demo.apps.googleusercontent.com',
  secret: 'demo-secret-of-the-emulator',
  redirectUris: ['http://localhost:3000/api/auth/callback/google', 'http://localhost:3000/api/google/callback'],
  project: 'sophiie-demo',
  publishing: 'production',
  testUsers: [],
}

export function emptyState(clients: OAuthClient[] = [DEFAULT_CLIENT]): State {
  return {
    accounts: new Map(),
    calendars: new Map(),
    oauth: createOAuthState(clients),
    channels: new Map(),
    seq: 0,
    lastEtag: 0,
    clockOffset: 0,
    switches: defaultSwitches(),
  }
}

export function createWorld({ state = emptyState() }: { state?: State } = {}): World {
  const listeners = new Set<(change: Change) => void>()
  const world: World = {
    origin: 'http://127.0.0.1:4100',
    state,
    faults: [],
    log: createLog(),
    heldReads: {},
    now: () => Date.now() + world.state.clockOffset,
    nextSeq: () => ++world.state.seq,
    nextEtag() {
      world.state.lastEtag = Math.max(world.state.lastEtag + 2, world.now() * 2000)
      return `"${world.state.lastEtag}"`
    },
    touch: () => world.onTouch?.(),
    onTouch: undefined,
    notify(change) {
      world.touch()
      for (const listener of listeners) listener(change)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return world
}

const BASE32HEX = '0123456789abcdefghijklmnopqrstuv'

/** 26 characters, like the ids that Google generates. */
export function randomId(): string {
  return Array.from(randomBytes(26), (byte) => BASE32HEX[byte & 31]).join('')
}

export function base32hex(text: string): string {
  const bits = Array.from(Buffer.from(text), (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32HEX[Number.parseInt(five.padEnd(5, '0'), 2)]).join('')
}

export function randomToken(prefix: string): string {
  return prefix + randomBytes(48).toString('base64url')
}
