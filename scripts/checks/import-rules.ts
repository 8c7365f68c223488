/**
 * Files `from` must not import `to`, a path in the project or a package. The message says where the
 * code belongs.
 */
export type ImportRule = [from: RegExp | 'use client', to: RegExp, message: string]

const product = /^(app|components|lib|db)\/|^(instrumentation|proxy)\.ts$/
const outsideGoogle = /^(app|components|db|lib\/(?!google\/))/
const database = /^(db\/|drizzle-orm|graphile-worker|pg$|postgres$)/
const google = /^(@googleapis\/|google-auth-library|googleapis)/
const tools = /^(bench|e2e|emulator|scripts|testing)\//
const io =
  /^(node:|next|react|pg$|postgres$|graphile-worker|drizzle-orm|@?googleapis|google-auth-library)|^(app|components|db)\/|^lib\/(.*\/(actions|loaders|mutations)|env)\.ts$|^lib\/google\/(?!wire|failure-kind)/
const pureRule: ImportRule = [
  /^lib\/(sync\/core|recurrence)\//,
  io,
  'This folder is pure: I/O belongs in lib/sync/, which passes in what it read.',
]
const server =
  /^(node:|next\/(cache|headers|server)$|pg$|postgres$|graphile-worker|drizzle-orm|@?googleapis|google-auth-library)|^db\/|^lib\/(.*\/(loaders|mutations)|env)\.ts$/

/** Checked for each import, type-only imports included. */
export const directRules: ImportRule[] = [
  [/^(app|components)\//, database, 'SQL belongs in db/queries/, called by the files of a noun in lib/.'],
  [/^components\//, /^app\//, 'components/ knows no routes: pass props, or move what both need to lib/.'],
  [/^components\//, /^lib\/.*\/mutations\.ts$/, "Write through a noun's actions.ts, which checks who asks."],
  [/^components\/ui\//, /^(lib|components\/(?!ui\/))/, 'Primitives know no domain: use components/<noun>/.'],
  [/^components\/appointment\//, /^components\/calendar\//, 'The form knows no grid: pass it what it needs.'],
  [/^lib\//, /^(app|components)\//, 'lib/ knows no routes and no screens: move what both need to lib/.'],
  [/^db\//, /^(app|components|lib)\//, 'db/ is the lowest layer: rules belong in lib/, which calls queries.'],
  [outsideGoogle, google, 'Google is called in lib/google/ only: add the call there and import that.'],
  [product, tools, 'The product never imports tools or tests: it reaches the emulator at GOOGLE_BASE_URL.'],
  [/^emulator\//, product, 'The emulator knows nothing of the product: keep what it needs in emulator/.'],
  pureRule,
]

/**
 * Checked along chains of runtime imports. Server actions end a chain: the browser calls them over
 * HTTP.
 */
export const transitiveRules: ImportRule[] = [
  pureRule,
  ['use client', server, 'Read in loaders.ts, called by a server component; write in actions.ts.'],
]

export const cycleMessage = 'Import cycle: move what both ends need into a file that imports neither.'
export const twoWayMessage = 'Two nouns import each other: move the shared part to one side, or merge them.'
export const folderLimit = {
  files: 27,
  except: ['.', 'public'],
  message: 'Too many files at one level: group them by subject.',
}
