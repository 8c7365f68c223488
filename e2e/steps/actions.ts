import { readFileSync } from 'node:fs'
import path from 'node:path'
import { encode } from 'next-auth/jwt'
import { root } from '../../scripts/process/root.ts'

/** Calls server actions like a browser, with arbitrary arguments. */

type Manifest = {
  node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }>
}

export type Action = { id: string; name: string; page: string }

/** All actions of the production build, by `file#name`. */
export const builtActions = (): Map<string, Action> => {
  const file = path.join(root, '.next/server/server-reference-manifest.json')
  const { node } = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  return new Map(
    Object.entries(node).map(([id, { filename, exportedName, workers }]) => {
      const name = `${filename.replace(/^lib\/|\/actions\.ts$/g, '')}#${exportedName}`
      return [name, { id, name, page: pageOf(Object.keys(workers)) }]
    }),
  )
}

/** A page without parameters that uses the action. */
const pageOf = (workers: string[]) => {
  const page = workers.find((worker) => !worker.includes('[')) ?? workers[0] ?? ''
  return (
    page
      .replace(/^app/, '')
      .replace(/\/\([^)]+\)/g, '')
      .replace(/\/page$/, '') || '/'
  )
}

export type Answer = { status: number; redirect: string | null; body: string; value: unknown }

export type Caller = { url: string; cookie?: string; origin?: string }

/** Encodes arguments like React: JSON, or multipart if one of them is a form. */
export const callAction = async (caller: Caller, action: Action, args: unknown[]): Promise<Answer> => {
  const { body, type } = encoded(args)
  const response = await fetch(`${caller.url}${action.page}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'next-action': action.id,
      accept: 'text/x-component',
      origin: caller.origin ?? caller.url,
      ...(type && { 'content-type': type }),
      ...(caller.cookie && { cookie: caller.cookie }),
    },
    body,
  })
  return answerOf(response)
}

export const answerOf = async (response: Response): Promise<Answer> => {
  const body = await response.text()
  const redirect = response.headers.get('x-action-redirect') ?? response.headers.get('location')
  return { status: response.status, redirect: redirect?.split(';')[0] ?? null, body, value: returnedBy(body) }
}

/** The action's result: the row that the first row references as `a`. */
const returnedBy = (body: string): unknown => {
  const rows = new Map(body.split('\n').map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 1)]))
  const pointer = rows.get('0')?.match(/"a":"\$@?([0-9a-f]+)"/)?.[1]
  try {
    return JSON.parse(rows.get(pointer ?? '') ?? 'null')
  } catch {
    return null
  }
}

const encoded = (args: unknown[]): { body: string | FormData; type?: string } => {
  if (!args.some((value) => value instanceof FormData))
    return { body: JSON.stringify(args), type: 'text/plain;charset=UTF-8' }
  const form = new FormData()
  const first = args.map((value, index) => {
    if (!(value instanceof FormData)) return value
    for (const [name, entry] of value) form.append(`_${index + 1}_${name}`, entry)
    return `$K${index + 1}`
  })
  form.append('0', JSON.stringify(first))
  return { body: form }
}

export const formOf = (fields: Record<string, string>): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

/** A session cookie as sign-in creates it. */
export const sessionCookie = async (secret: string, user: { id: string; version: number }): Promise<string> => {
  const token = await encode({ token: { userId: user.id, sessionVersion: user.version }, secret })
  return `next-auth.session-token=${token}`
}
