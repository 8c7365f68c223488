// Plain JavaScript, so that an old Node can run it and print one sentence instead of a stack trace.
if (!process.features.typescript) {
  console.error(
    `This needs Node 24 and runs on ${process.version}: run it through npm (npm run …) after npm install, which brings Node 24 along.`,
  )
  process.exit(1)
}
