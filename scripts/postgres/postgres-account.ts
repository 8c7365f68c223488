import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { Refusal } from '../process/cli-error.ts'
import { root } from '../process/root.ts'

type Ids = { uid: number; gid: number }

/** Whom the Postgres binaries run as: ourselves (no owner), or an account made for it because we are root. */
export type Account = {
  owner?: Ids
  /** A command to put before the binary, when changing the ids alone would not do. */
  prefix: string[]
}

const exec = promisify(execFile)

/** Postgres refuses to run as root, so root gets it an account of its own, made if need be. */
export async function postgresAccount(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const owner = (await accountIds()) ?? (await createAccount())
  const reachable = (await isReachable(root)) && (await isReachable(path.dirname(folder)))
  return { owner, prefix: reachable ? [] : throughClosedFolders(owner) }
}

/**
 * In a folder that only root may enter (/root, a temporary folder) the account could not read its own
 * binaries: it then keeps root's right to pass through, and nothing else of root's. Without the secure bit
 * access(2), with which Postgres looks for its files, would not count that right.
 */
function throughClosedFolders({ uid, gid }: Ids): string[] {
  const account = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups']
  const rights = ['--inh-caps', '-all,+dac_override', '--ambient-caps', '-all,+dac_override']
  return ['setpriv', ...account, '--securebits', '+no_setuid_fixup', ...rights]
}

async function isReachable(folder: string): Promise<boolean> {
  const parent = path.dirname(folder)
  const { mode } = await stat(folder).catch(() => ({ mode: 0o755 }))
  return (mode & 0o005) === 0o005 && (parent === folder || (await isReachable(parent)))
}

async function accountIds(): Promise<Ids | undefined> {
  try {
    const [uid, gid] = await Promise.all([exec('id', ['-u', 'postgres']), exec('id', ['-g', 'postgres'])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

async function createAccount(): Promise<Ids> {
  const made = await exec('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(
    (error: Error) => error,
  )
  const ids = await accountIds()
  if (ids) return ids
  throw new Refusal(
    `Postgres does not run as root, and no account for it could be made (${made instanceof Error ? made.message.trim() : 'useradd'}): run this as another user, or set DATABASE_URL.`,
  )
}
