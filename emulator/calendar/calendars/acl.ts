import { createHash } from 'node:crypto'
import type { Context, Reply } from '../../http.ts'
import type { AccessRole, CalendarStore } from '../../model.ts'
import { type Access, authenticate, type Caller, openCalendar } from '../access.ts'
import { readObject } from '../body.ts'
import { invalid, refused, required } from '../errors.ts'
import { pageTokens } from '../lists/page-tokens.ts'
import { readCount } from '../lists/query.ts'
import { noContent, resourceReply } from '../reply.ts'
import { makeSyncToken } from '../sync-token.ts'
import { ROLES, readOffset, renderOffset } from './calendars.ts'
import { setRole } from './sharing.ts'

// Access rules. A rule is stored under the address of its account, or as `domain:example.com`,
// `group:address` or `default` (the public). Groups have no members here.

export function listRules(context: Context): Reply {
  const { access, caller } = open(context, 'acl.list')
  const rules = [...access.calendar.acl].map(([key, role]) => renderRule(key, role))
  const most = readCount(context.query, { name: 'maxResults', standard: 100, most: 250 })
  const offset = readOffset(context.query.get('pageToken'))
  const { world } = context
  const owner = `acl|${access.calendar.id}|${caller.email}`
  return resourceReply(context, {
    kind: 'calendar#acl',
    etag: `"p${world.state.seq.toString(32)}a"`,
    ...pageTokens(context, {
      more: offset + most < rules.length,
      pageToken: (at) => renderOffset(at === 'next' ? offset + most : offset),
      syncToken: () => makeSyncToken(world, { owner, seq: world.state.seq }),
    }),
    items: rules.slice(offset, offset + most),
  })
}

export function getRule(context: Context): Reply {
  const { access } = open(context, 'acl.get')
  return resourceReply(context, requireRule(access.calendar, context.params.ruleId))
}

/** Also changes the rule of a scope that has one already. */
export function insertRule(context: Context): Reply {
  const { access, caller } = openAsOwner(context, 'acl.insert')
  const { scope, role } = readObject(context) as {
    scope?: { type?: unknown; value?: unknown }
    role?: unknown
  }
  if (!scope?.type) throw required('Missing scope type.')
  const key = scope.type === 'default' ? 'default' : readKey(`${scope.type}:${scope.value ?? ''}`)
  return changeRule(context, { access, caller, key, role: readRole(role, key) })
}

/** PATCH keeps the role if the body has none; PUT needs one. */
export function patchRule(context: Context): Reply {
  const { access, caller } = openAsOwner(context, 'acl.patch')
  const rule = requireRule(access.calendar, context.params.ruleId)
  const { role = rule.role } = readObject(context)
  const key = readKey(rule.id)
  return changeRule(context, { access, caller, key, role: readRole(role, key) })
}

export function updateRule(context: Context): Reply {
  const { access, caller } = openAsOwner(context, 'acl.update')
  const key = readKey(requireRule(access.calendar, context.params.ruleId).id)
  return changeRule(context, { access, caller, key, role: readRole(readObject(context).role, key) })
}

export function deleteRule(context: Context): Reply {
  const { access, caller } = openAsOwner(context, 'acl.delete')
  const key = readKey(requireRule(access.calendar, context.params.ruleId).id)
  changeRule(context, { access, caller, key, role: 'none' })
  return noContent()
}

type Opened = { access: Access; caller: Caller }

function open(context: Context, operation: string): Opened {
  const caller = authenticate(context, operation)
  const access = openCalendar(context, caller)
  if (access.role !== 'owner' && access.role !== 'writer') throw refused(403, 'forbidden')
  return { access, caller }
}

function openAsOwner(context: Context, operation: string): Opened {
  const opened = open(context, operation)
  if (opened.access.role !== 'owner') throw refused(403, 'forbidden')
  return opened
}

type RoleChange = Opened & { key: string; role: AccessRole | 'none' }

function changeRule(context: Context, { access, caller, key, role }: RoleChange): Reply {
  if (key === caller.email) throw refused(403, 'cannotChangeOwnAcl', 'Cannot change your own access level.')
  if (key === access.calendar.owner)
    throw refused(403, 'cannotChangeOwnerAcl', 'Cannot change the access level of the owner.')
  setRole(context.world, access.calendar, { email: key, role })
  return resourceReply(context, renderRule(key, role))
}

function readKey(id: string): string {
  if (id === 'default') return id
  const [, type, value = ''] = /^(user|group|domain):(\S+)$/.exec(id) ?? []
  if (!type || (type !== 'domain' && !value.includes('@')))
    throw refused(400, 'invalidScopeValue', 'Invalid scope value.')
  return type === 'user' ? value.toLowerCase() : `${type}:${value.toLowerCase()}`
}

function readRole(role: unknown, key: string): AccessRole | 'none' {
  if (!role) throw required('Missing role.')
  const known = [...ROLES, 'none' as const].find((name) => name === role)
  if (!known) throw invalid(undefined, 'role')
  if (key === 'default' && !['freeBusyReader', 'reader', 'none'].includes(known))
    throw refused(400, 'illegalAccessRoleForDefault', 'Illegal access role for the default scope.')
  return known
}

function requireRule(calendar: CalendarStore, id = '') {
  const key = readKey(id)
  const role = calendar.acl.get(key)
  if (!role) throw refused(404, 'notFound')
  return renderRule(key, role)
}

function renderRule(key: string, role: AccessRole | 'none') {
  const [type = '', value] = key === 'default' || key.includes(':') ? key.split(':') : ['user', key]
  const id = value === undefined ? type : `${type}:${value}`
  const etag = createHash('sha256').update(`${id} ${role}`).digest('hex').slice(0, 16)
  const scope = { type, ...(value !== undefined && { value }) }
  return { kind: 'calendar#aclRule', etag: `"${etag}"`, id, scope, role }
}
