import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { findBreaking } from '#testing/additive.ts'

/**
 * What is not additive, and why it may be: the version that no longer needed what goes, released
 * before the one that carries the migration.
 */
const allowed: Record<string, Record<string, string>> = {
  '0005_services.sql': {
    'refuses rows of appointments':
      'The column is new: the version before leaves it null, which no foreign key refuses.',
  },
  '0008_receptionist.sql': {
    'refuses rows of appointment_assignees':
      'The column is new: the version before leaves it null, which no foreign key refuses.',
  },
}

/** Nothing was released before these (docs/decisions/032). */
const mayBreak = new Set(['0009_google_accounts.sql'])

const folder = path.join(import.meta.dirname, 'migrations')

test('a migration only adds: the version before works beside it', async () => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql') && !mayBreak.has(name)).sort()
  const breaking = await Promise.all(
    names.map(async (name) => {
      const found = findBreaking(await readFile(path.join(folder, name), 'utf8'))
      return found.filter((what) => !allowed[name]?.[what]).map((what) => `${name} ${what}`)
    }),
  )
  expect(breaking.flat()).toEqual([])
})

test.each([
  ['drop table "users"', ['drops users']],
  ['ALTER TABLE "users" DROP COLUMN "name"', ['drops a column of users']],
  ['alter table public.users rename column name to label', ['renames users']],
  ['alter table users alter column name set not null', ['demands users']],
  ['alter table users alter column epoch set data type bigint', ['changes a type of users']],
  ['alter table users add column zone text not null', ['demands a new column of users']],
  ['alter table users add constraint c check (epoch > 0)', ['refuses rows of users']],
  ['alter table users add column zone text', []],
  ["alter table users add column zone text not null default 'UTC'", []],
  ['alter table users drop constraint c', []],
  ['create table zones (id int); alter table zones add constraint c check (id > 0)', []],
  ['create function f() returns void as $$ drop table users; $$ language sql', []],
  ['-- drop table users', []],
])('%s', (migration, found) => expect(findBreaking(migration)).toEqual(found))
