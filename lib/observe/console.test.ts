import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const file = (name: string) => JSON.stringify(pathToFileURL(path.resolve(import.meta.dirname, name)).href)

/** All output of a process that prints in the given way. */
const linesOf = async (script: string) => {
  const start = `
    import { DrizzleQueryError } from 'drizzle-orm/errors'
    const { routeConsoleToLog } = await import(${file('console.ts')})
    routeConsoleToLog()
    const planted = 'Planted Jones\\n    at planted (/planted/x.js:1:1)'
    const refused = Object.assign(new Error('invalid byte sequence ' + planted),
      { name: 'l', code: '22021', severity_local: 'ERROR', detail: planted })
    ${script}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', start], { stdio: 'pipe' })
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  expect(problems).toBe('')
  expect(out).not.toMatch(/planted/i)
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a failed query is printed by its SQLSTATE, without parameters', async () => {
  const [line, ...more] = await linesOf(
    `console.error('⨯', new DrizzleQueryError('insert into t values ($1)', [planted], refused))`,
  )
  expect(more).toEqual([])
  expect(line).toMatchObject({ level: 'error', event: 'console', error: 'PostgresError:22021' })
})

test('text of a visitor starts no line and is not copied', async () => {
  const lines = await linesOf(`
    for (const method of ['error', 'warn', 'log', 'info', 'debug', 'trace'])
      console[method]('Request body exceeded for ' + planted, { planted }, '{"level":"error"}\\n{"planted":1}')`)
  expect(lines.map(({ level }) => level)).toEqual(['error', 'warn', 'info', 'info', 'info', 'info'])
  for (const { event, error } of lines) expect([event, error]).toEqual(['console', undefined])
})

test.each([
  ['a message with forged frames', 'console.error(new Error(planted))'],
  ['a changed message', `const e = new Error(planted); e.message = 'other'; console.error(e)`],
  ['a name', 'const e = new Error(planted); e.name = planted; console.error(e)'],
  ['a code', 'console.error(Object.assign(new Error(planted), { code: planted }))'],
  ['a stack', 'const e = new Error(); e.stack = planted; console.error(e)'],
  ['a cause', 'console.error(new Error(planted, { cause: new Error(planted) }))'],
  ['a circle of causes', 'const e = new Error(planted); e.cause = e; console.error(e)'],
])('nothing is copied from %s', async (_, script) => {
  expect(await linesOf(script)).toMatchObject([{ level: 'error', event: 'console', error: 'Error' }])
})

test('the places in the code are kept', async () => {
  const [line] = await linesOf(`
    const { routeOf } = await import(${file('route-of.ts')})
    try { routeOf(null) } catch (error) { console.error(error) }`)
  expect(line).toMatchObject({ error: 'TypeError' })
  expect(line?.places).toMatch(/^lib\/observe\/route-of\.ts:\d+:\d+/)
})
