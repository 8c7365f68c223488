import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const script = path.join(import.meta.dirname, 'node-20.js')

const installWith = (agent: string) => {
  const { status, stderr } = spawnSync(process.execPath, [script], {
    env: { ...process.env, npm_config_user_agent: agent },
    encoding: 'utf8',
  })
  return { status, output: stderr.trim() }
}

test('an installation on a Node before 20 fails with one sentence', () => {
  expect(installWith('npm/9.2.0 node/v18.20.4 linux x64 workspaces/false')).toEqual({
    status: 1,
    output: 'Node 20 or newer is needed to install this; npm runs on Node 18.20.4 here.',
  })
})

test.each(['npm/10.8.2 node/v20.19.0 linux x64', 'npm/11.6.0 node/v24.1.0 linux x64', 'pnpm/10', ''])(
  'goes on with "%s"',
  (agent) => {
    expect(installWith(agent)).toEqual({ status: 0, output: '' })
  },
)
