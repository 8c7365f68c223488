import type { NextConfig } from 'next'

// Next names Server Actions after a key, by default another for each build: while a new version takes the place of another, pages
// of one would ask servers of the other for actions that those do not know. It encrypts what inline actions capture; there are
// none (e2e/isolation.spec.ts), so that it is no secret.
process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ??= Buffer.from('names actions, and hides nothing').toString('base64')

export default {
  // `npm run check` compiles with the project's own TypeScript, whose version Next does not drive.
  typescript: { ignoreBuildErrors: true },
  // They load their own files at run time, which a bundle would hide from them.
  serverExternalPackages: ['graphile-worker', 'pg'],
  // Next buffers a body before proxy.ts sees the request. The same limit as there.
  experimental: { proxyClientMaxBodySize: 500_000 },
  poweredByHeader: false,
  turbopack: { resolveAlias: { 'temporal-polyfill': { browser: './lib/temporal-browser.ts' } } },
  // proxy.ts does not run for build assets. What is not found there is a page.
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
  // Browsers ask for it beside anything that is not one of our pages.
  redirects: async () => [{ source: '/favicon.ico', destination: '/icon.svg', permanent: true }],
} satisfies NextConfig
