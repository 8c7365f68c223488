import { randomBytes } from 'node:crypto'
import type { StoredEvent } from '../../model.ts'

/** The result of a list when its first page was requested; later pages are read from it. */
export type Snapshot = {
  owner: string
  syncToken: string | null
  items: StoredEvent[]
  /** Position in the change log up to which `items` has all changes. */
  seq: number
  /** Position in the change log when the list was requested; later than `seq` if reads lag. */
  requestedAt: number
}

/** Number of snapshots kept; page tokens of older lists become invalid. */
const MAX_SNAPSHOTS = 200

const snapshots = new Map<string, Snapshot>()

export function keepSnapshot(snapshot: Snapshot): string {
  const id = randomBytes(9).toString('base64url')
  snapshots.set(id, snapshot)
  const [oldest] = snapshots.keys()
  if (snapshots.size > MAX_SNAPSHOTS && oldest) snapshots.delete(oldest)
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
