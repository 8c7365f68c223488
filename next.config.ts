import type { NextConfig } from 'next'

export default {
  // `npm run check` compiles with the project's own TypeScript, whose version Next does not drive.
  typescript: { ignoreBuildErrors: true },
  // They load their own files at run time, which a bundle would hide from them.
  serverExternalPackages: ['graphile-worker', 'pg'],
  poweredByHeader: false,
  turbopack: { resolveAlias: { 'temporal-polyfill': { browser: './lib/temporal-browser.ts' } } },
  // Browsers ask for it beside anything that is not one of our pages.
  redirects: async () => [{ source: '/favicon.ico', destination: '/icon.svg', permanent: true }],
} satisfies NextConfig
