import type { Fault, FaultKind } from '../model.ts'

/** Checks a fault of the control API, so that a misspelt one does not silently do nothing. */
export function readFault(given: unknown, operations: string[]): Fault {
  if (!isObject(given)) throw new Error('A fault must be an object.')
  for (const [name, value] of Object.entries(given)) {
    const check = FIELDS[name]
    if (!check) throw new Error(`A fault has no ${name}. Use some of: ${Object.keys(FIELDS).join(', ')}.`)
    if (!check(value)) throw new Error(`A fault cannot have ${name} ${JSON.stringify(value)}.`)
  }
  const fault = given as Fault
  const { kind, match } = fault
  if (!kind) throw new Error(`A fault needs a kind. Use one of: ${[...KINDS].join(', ')}.`)
  if (!match) throw new Error('A fault needs a match; {} matches all requests.')
  if (match.operation && !operations.includes(match.operation)) {
    throw new Error(`There is no operation ${match.operation}. Use one of: ${operations.join(', ')}.`)
  }
  if (fault.body !== undefined && kind !== 'body') throw new Error('Only a fault of kind body has a body.')
  if (fault.fields && kind !== 'missing-fields') throw new Error('Only a fault of kind missing-fields has fields.')
  const concernsParts = kind === 'missing-parts' || kind === 'repeated-parts'
  if (concernsParts !== (fault.parts !== undefined))
    throw new Error('A fault of kind missing-parts or repeated-parts, and no other, has parts.')
  if (fault.executes && !REPLACING.has(kind)) throw new Error(`A fault of kind ${kind} cannot have executes.`)
  return { ...fault }
}

/** Kinds that replace the answer. */
const REPLACING = new Set<FaultKind>(['status', 'html', 'empty-object', 'json-string', 'body'])

/** All kinds but `rewrite` and `rewrite-text`, which need a function. */
const KINDS = new Set<unknown>([
  ...REPLACING,
  'empty-list',
  'no-token',
  'both-tokens',
  'repeat-page',
  'missing-fields',
  'other-id',
  'truncated-json',
  'headers',
  'missing-parts',
  'repeated-parts',
  'cut-short',
  'latency',
  'reset',
  'lost-response',
] satisfies FaultKind[])

const FIELDS: Record<string, (value: unknown) => boolean> = {
  match: isMatch,
  kind: (value) => KINDS.has(value),
  times: isCount,
  after: isCount,
  status: (value) => isCount(value) && Number(value) >= 200 && Number(value) < 600,
  reason: isText,
  message: isText,
  executes: (value) => typeof value === 'boolean',
  body: isText,
  contentType: isText,
  fields: (value) => Array.isArray(value) && value.every(isText),
  parts: (value) => Array.isArray(value) && value.length > 0 && value.every(isCount),
  retryAfter: isCount,
  headers: isHeaders,
  milliseconds: (value) => typeof value === 'number' && value >= 0,
}

const MATCH_FIELDS = ['method', 'path', 'operation']

function isMatch(value: unknown): boolean {
  if (!isObject(value)) return false
  return Object.entries(value).every(
    ([name, text]) => MATCH_FIELDS.includes(name) && isText(text) && (name !== 'path' || isPattern(text)),
  )
}

function isHeaders(value: unknown): boolean {
  if (!isObject(value)) return false
  return Object.entries(value).every(
    ([name, text]) =>
      /^[a-z-]+$/.test(name) && (text === null || (isText(text) && /^[\x20-\x7e]*$/.test(String(text)))),
  )
}

function isPattern(text: unknown): boolean {
  try {
    new RegExp(String(text))
    return true
  } catch {
    return false
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
