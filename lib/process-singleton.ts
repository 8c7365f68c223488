/** State shared by every bundle in the process, and kept over hot reloads in development. */

const states = Symbol.for('sophiie.singletons')
const registry = globalThis as typeof globalThis & { [states]?: Map<string, object> }

/** The state of that name, created at first use. Callers change its fields in place. */
export const processSingleton = <T extends object>(name: string, create: () => T): T => {
  registry[states] ??= new Map()
  const known = registry[states].get(name) ?? create()
  registry[states].set(name, known)
  return known as T
}
