import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../scripts/process/root.ts'

export type Child<Answer> = { ask: () => Promise<Answer>; stop: () => Promise<void> }

/** A script of this folder in its own process, which answers each line with one of JSON. */
export const startChild = <Answer>(name: string, args: string[]): Child<Answer> => {
  const child = spawn(process.execPath, [path.join(root, 'bench/abuse', name), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    ask: async () => {
      child.stdin.write('\n')
      const { value } = await lines.next()
      if (value === undefined) throw new Error(`${name} ended.`)
      return JSON.parse(value) as Answer
    },
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
