import postgres from 'postgres'

/** The patch adds this mark, which bundlers keep: docs/decisions/040-patch-postgres-js.md. */
export const isDriverPatched = (): boolean => 'survivesLostConnections' in postgres

export const unpatchedDriver = 'The postgres driver is not patched: run npx patch-package, then npm run build again.'

/** Next keeps a server running whose start-up hook throws, so the hook ends the process itself. */
export const exitIfUnpatched = (): void => {
  if (isDriverPatched()) return
  console.error(unpatchedDriver)
  process.exit(1)
}

export const requirePatchedDriver = (): void => {
  if (!isDriverPatched()) throw new Error(unpatchedDriver)
}
