import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { dataFolder } from '../../scripts/process/root.ts'

/** Milliseconds of processor time by part, of all processes of this benchmark. */
export type ProcessorTime = Record<Part, number>

const parts = {
  server: /next-server/,
  workers: /scripts\/worker\.ts/,
  Postgres: /^postgres: |bin\/postgres /,
  emulator: /bench\/load\/google\.ts/,
  people: /bench\/run\.ts load/,
} as const
type Part = keyof typeof parts

const msPerTick = 10
/** Another checkout may run the same benchmark. */
const folder = path.join(dataFolder, 'bench-load')

type Process = { parent: number; command: string; ms: number }

/** Works on Linux only; all zeros elsewhere. */
export const processorTime = async (): Promise<ProcessorTime> => {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
  const all = new Map<number, Process>()
  for (const id of ids) {
    const found = await readProcess(id)
    if (found) all.set(id, found)
  }
  const used: ProcessorTime = { server: 0, workers: 0, Postgres: 0, emulator: 0, people: 0 }
  for (const [id, { command, ms }] of all) {
    const part = Object.entries(parts).find(([, pattern]) => pattern.test(command))?.[0] as Part | undefined
    if (part && isOurs(all, id)) used[part] += ms
  }
  return used
}

/** A descendant of this process, or a Postgres process of this benchmark's database. */
const isOurs = (all: Map<number, Process>, id: number): boolean => {
  for (let at = id; at > 1; at = all.get(at)?.parent ?? 0) {
    if (at === process.pid) return true
    if (all.get(at)?.command.includes(folder)) return true
  }
  return false
}

const readProcess = async (id: number): Promise<Process | null> => {
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => null)
  const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')
  if (stat === null) return null
  // The process name before it may contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Its own time, and that of its children that have ended.
  const ms = [11, 12, 13, 14].reduce((sum, n) => sum + Number(fields[n]), 0) * msPerTick
  return { parent: Number(fields[1]), command: command.replaceAll('\0', ' '), ms }
}
