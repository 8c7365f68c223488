import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const read = (name: string) => readFile(path.join(import.meta.dirname, '../..', name), 'utf8')

/** Blocks of a YAML mapping at one indentation, by key. */
const blocksOf = (yaml: string, indentation: string) =>
  new Map(
    yaml
      .split(new RegExp(`^${indentation}(?=[\\w-]+:)`, 'm'))
      .slice(1)
      .map((block) => [block.slice(0, block.indexOf(':')), block] as const),
  )

describe('compose.yaml', () => {
  test('every container has a read-only root, no capability, no new privileges and limits', async () => {
    const yaml = await read('compose.yaml')
    const top = blocksOf(yaml, '')
    const confined = top.get('x-confined') ?? ''
    for (const line of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true', 'pids_limit: 256'])
      expect(confined).toContain(line)
    const product = top.get('x-product') ?? ''
    expect(product).toContain('<<: *confined')
    expect(product).toMatch(/mem_limit: .*\n {2}cpus: /)
    const services = blocksOf(top.get('services') ?? '', '  ')
    expect([...services.keys()]).toEqual(['database', 'migrate', 'app', 'spare', 'worker', 'proxy'])
    for (const [name, block] of services) {
      if (block.includes('<<: *product')) expect(block, name).not.toMatch(/cap_add|read_only|privileged/)
      else expect(block, name).toMatch(/<<: \*confined[\s\S]*mem_limit: /)
    }
    expect(services.get('proxy')).toContain('cap_add: [NET_BIND_SERVICE]')
  })
})

test('every image is named by its digest, the base of ours by the same one in both files', async () => {
  const [yaml, dockerfile] = [await read('compose.yaml'), await read('Dockerfile')]
  const defaultOf = (name: string) => yaml.match(new RegExp(`\\$\\{${name}:-([^}]+)\\}`))?.[1]
  const images = ['POSTGRES_IMAGE', 'CADDY_IMAGE', 'NODE_IMAGE'].map(defaultOf)
  for (const image of images) expect(image).toMatch(/^[a-z]+:\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/)
  const named = [...yaml.matchAll(/^ +image: (.*)$/gm)].map(([, image]) => image)
  expect(named.filter((image) => !/^\$\{(POSTGRES|CADDY)_IMAGE:-/.test(image ?? ''))).toEqual(['sophiie-calendar'])
  expect(dockerfile.match(/^ARG NODE_IMAGE=(.*)$/m)?.[1]).toBe(images[2])
  const bases = [...dockerfile.matchAll(/^FROM (.*)$/gm)].map(([, from]) => from)
  for (const base of bases) expect(base).toMatch(/^(\$\{NODE_IMAGE\}|base)( AS \w+)?$/)
})

test.each(['sophiie@', 'sophiie-worker@'])('the unit %s is confined and limited', async (name) => {
  const lines = (await read(`deploy/systemd/${name}.service`)).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'NoNewPrivileges=true',
      'CapabilityBoundingSet=',
      'ProtectSystem=strict',
      'RestrictNamespaces=true',
      'MemoryMax=1G',
      'TasksMax=256',
      expect.stringMatching(/^SystemCallFilter=/),
    ]),
  )
})

test.each(['Caddyfile', 'Caddyfile.host'])('deploy/%s limits bodies and the time they take', async (name) => {
  const text = await read(`deploy/${name}`)
  expect(text).toMatch(/timeouts \{\s+read_header 10s\s+read_body 1m\s+idle 2m\s+\}/)
  expect(text).toMatch(/request_body \{\s+max_size 500KB\s+\}/)
})
