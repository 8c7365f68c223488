import { registerHooks } from 'node:module'

// For every file that it imports, Node 24 parses all that the package.json above says of exports: with drizzle's 180 kB and
// its hundred files that is half a second of each process. What a relative import means there does not depend on it.

const inside = /\/node_modules\/drizzle-orm\/.*\.js$/

registerHooks({
  resolve: (specifier, context, next) => {
    if (!specifier.startsWith('.') || !inside.test(context.parentURL ?? '')) return next(specifier, context)
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
  },
})
