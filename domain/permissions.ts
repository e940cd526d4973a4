import { ROLES } from './actor.ts'
import type { Role } from './actor.ts'
import { denied } from './errors.ts'
import type { TactError } from './errors.ts'

/** What a member may be let do. `archive` stands for every change that takes a record away, merging included. */
export const PERMISSIONS = [
  'read',
  'propose',
  'approve',
  'archive',
  'invite',
  'tokens',
  'export',
  'policy',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** In words, for pages and refusals. */
export const PERMISSION_WORDS: Readonly<Record<Permission, string>> = {
  read: 'ask, search and read records',
  propose: 'propose changes and import tables',
  approve: 'approve, reject and undo proposals',
  archive: 'archive or merge records',
  invite: 'invite people, change roles, disable members',
  tokens: 'see and revoke the access tokens of others',
  export: 'export, back up and restore the workspace',
  policy: 'set what is hidden from models',
}

/** All of it, nothing, or all but some kinds of record. */
export type Grant = 'yes' | 'no' | { readonly except: readonly string[] }

/** The one table of who may do what. The database holds the same in `core.role_may`; a test compares the two. */
export const GRANTS: Readonly<Record<Role, Readonly<Record<Permission, Grant>>>> = {
  owner: {
    read: 'yes',
    propose: 'yes',
    approve: 'yes',
    archive: 'yes',
    invite: 'yes',
    tokens: 'yes',
    export: 'yes',
    policy: 'yes',
  },
  admin: {
    read: 'yes',
    propose: 'yes',
    approve: 'yes',
    archive: 'yes',
    invite: 'yes',
    tokens: 'yes',
    export: 'yes',
    policy: 'no',
  },
  editor: {
    read: 'yes',
    propose: 'yes',
    approve: 'yes',
    archive: { except: ['companies'] },
    invite: 'no',
    tokens: 'no',
    export: 'no',
    policy: 'no',
  },
  viewer: {
    read: 'yes',
    propose: 'no',
    approve: 'no',
    archive: 'no',
    invite: 'no',
    tokens: 'no',
    export: 'no',
    policy: 'no',
  },
}

/** Whether a role has a permission; of `archive`, for records of this kind. Without a kind: for any at all. */
export const may = (role: Role, permission: Permission, entity?: string): boolean => {
  const grant = GRANTS[role][permission]
  if (grant === 'yes' || grant === 'no') return grant === 'yes'
  return entity === undefined || !grant.except.includes(entity)
}

/** Nobody makes, unmakes or disables an owner but an owner; those who may invite deal with everybody else. */
export const mayManage = (role: Role, managed: Role): boolean =>
  may(role, 'invite') && (managed !== 'owner' || role === 'owner')

/**
 * The refusal for want of a permission: code `viewer` for those who only read, `may_not_<permission>` for others.
 */
export const refusal = (role: Role, permission: Permission, entity?: string): TactError => {
  const what = PERMISSION_WORDS[permission]
  const roles = ROLES.filter((one) => may(one, permission, entity)).join(', ')
  return denied(
    role === 'viewer' ? 'viewer' : `may_not_${permission}`,
    `The role ${role} does not ${what}${entity === undefined ? '' : ` of the kind ${entity}`}.`,
    { fix: `Ask a member with one of these roles: ${roles}.` },
  )
}

/** Throws the refusal unless the role has the permission. */
export const assertMay = (role: Role, permission: Permission, entity?: string): void => {
  if (!may(role, permission, entity)) throw refusal(role, permission, entity)
}

/** Of two roles the one that may less: what a credential claims, and what the member has become since. */
export const lesserRole = (one: Role, other: Role): Role =>
  ROLES.indexOf(one) > ROLES.indexOf(other) ? one : other

/** What a program's token may be good for. Proposing shows what the records hold, so it takes both. */
export const TOKEN_SCOPES = ['crm.read', 'crm.propose'] as const
export type TokenScope = (typeof TOKEN_SCOPES)[number]

/** Names that tokens of earlier versions hold. */
const FORMER_SCOPES: Readonly<Record<string, readonly TokenScope[]>> = {
  crm: TOKEN_SCOPES,
  'crm:read': ['crm.read'],
}

/** Those of a token's scopes that are for tools, each once. Scopes of sign-in links and of others are none. */
export const toolScopesIn = (scopes: readonly string[]): readonly TokenScope[] => {
  const held = new Set<string>(scopes.flatMap<string>((scope) => FORMER_SCOPES[scope] ?? scope))
  return TOKEN_SCOPES.filter((scope) => held.has(scope))
}

/** What a tool of this risk asks of a token. */
export const scopesFor = (risk: 'read' | 'propose'): readonly TokenScope[] =>
  risk === 'read' ? ['crm.read'] : TOKEN_SCOPES

/** The role that a token acts with: its member's, or no more than a viewer's where it may not propose. */
export const roleOfScopes = (role: Role, scopes: readonly TokenScope[]): Role =>
  scopes.includes('crm.propose') ? role : lesserRole(role, 'viewer')
