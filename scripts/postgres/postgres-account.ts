import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { CliError } from '../process/cli-error.ts'
import { root } from '../process/root.ts'

type Ids = { uid: number; gid: number }

/**
 * The account that runs the Postgres binaries: the current one (no owner), or a separate one if we
 * are root.
 */
export type Account = {
  owner?: Ids
  /** Command put before the binary if changing the ids is not enough. */
  prefix: string[]
}

const exec = promisify(execFile)

/**
 * Postgres refuses to run as root, so root uses the account `postgres`, and creates it if missing.
 */
export async function postgresAccount(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] }
  const owner = (await accountIds()) ?? (await createAccount())
  const reachable = (await isReachable(root)) && (await isReachable(path.dirname(folder)))
  return { owner, prefix: reachable ? [] : throughClosedFolders(owner) }
}

/**
 * The account cannot read binaries in a folder that only root may enter (such as /root). It then
 * keeps the capability dac_override, and no other. Without the secure bit, access(2), which
 * Postgres uses to find its files, ignores that capability.
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
  const created = await exec('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(
    (error: Error) => error,
  )
  const ids = await accountIds()
  if (ids) return ids
  throw new CliError(
    `Postgres does not run as root, and the account postgres could not be created (${created instanceof Error ? created.message.trim() : 'useradd'}): run this as another user, or set DATABASE_URL.`,
  )
}
