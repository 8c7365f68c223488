import { randomBytes } from 'node:crypto'
import type { StoredEvent } from '../model.ts'

/** What a list found when its first page was asked for; later pages read from it, whatever changes meanwhile. */
export type Snapshot = {
  owner: string
  syncToken: string | null
  items: StoredEvent[]
  /** Position of the change log that `items` is true for. */
  seq: number
}

/** Page tokens die when so many younger lists were started. */
const KEEP = 200

const snapshots = new Map<string, Snapshot>()

export function keepSnapshot(snapshot: Snapshot): string {
  const id = randomBytes(9).toString('base64url')
  snapshots.set(id, snapshot)
  const [oldest] = snapshots.keys()
  if (snapshots.size > KEEP && oldest) snapshots.delete(oldest)
  return id
}

export function pageToken(id: string, offset: number): string {
  return Buffer.from(`${id} ${offset}`).toString('base64url')
}

export function readPageToken(token: string): { id: string; offset: number; snapshot: Snapshot } | undefined {
  const [id = '', offset = ''] = Buffer.from(token, 'base64url').toString().split(' ')
  const snapshot = snapshots.get(id)
  return snapshot && /^\d+$/.test(offset) ? { id, offset: Number(offset), snapshot } : undefined
}
