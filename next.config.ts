import type { NextConfig } from 'next'

// Next derives the ids of server actions from this key, by default a new one per build: during a
// rolling update, pages of one version would call unknown actions on servers of the other. The key
// also encrypts values captured by inline actions; there are none (e2e/isolation.spec.ts), so it is
// no secret.
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ??= Buffer.from('names actions, and hides nothing').toString('base64')

export default {
  // `npm run check` type-checks: Next does not support the project's TypeScript version.
  typescript: { ignoreBuildErrors: true },
  // They load their own files at runtime, which does not work in a bundle.
  serverExternalPackages: ['graphile-worker', 'pg'],
  // Next buffers a body before proxy.ts sees the request. The same limit as there.
  experimental: {
    proxyClientMaxBodySize: 500_000,
    // Fewer, larger files for the page that most visits begin with: they compress better.
    turbopackChunking: { priorityRoutes: [/^\/calendar/], minChunkSize: 200_000, maxMergeChunkSize: 1_000_000 },
  },
  poweredByHeader: false,
  turbopack: { resolveAlias: { 'temporal-polyfill': { browser: './lib/temporal-browser.ts' } } },
  // proxy.ts does not run for build assets, and a missing one is answered with a page.
  headers: async () => [
    {
      source: '/_next/static/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'x-frame-options', value: 'DENY' },
        { key: 'content-security-policy', value: "default-src 'none'; frame-ancestors 'none'" },
      ],
    },
  ],
  // Browsers request it for responses that are not pages.
  redirects: async () => [{ source: '/favicon.ico', destination: '/icon.svg', permanent: true }],
} satisfies NextConfig
