import type { NextConfig } from 'next'
export default {
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: ['graphile-worker', 'pg'],
} satisfies NextConfig
