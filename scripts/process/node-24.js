// Plain JavaScript, so that an old Node can still read it and say one sentence instead of a stack.
if (!process.features.typescript) {
  console.error(
    `This needs Node 24 and runs on ${process.version}: run it through npm (npm run …) after npm install, which brings Node 24 along.`,
  )
  process.exit(1)
}

await import('../quick-drizzle.js')
