import { diagnose } from './doctor/diagnose.ts'
import { CliError, run } from './process/cli-error.ts'
import { loadEnvFiles } from './process/required-env.ts'

await run(async () => {
  loadEnvFiles()
  const errors = await diagnose(console.log)
  if (errors === 'no variables') throw new CliError('\nFix the variables first: the other checks need them.')
  if (errors > 0) throw new CliError(`\n${errors} ${errors === 1 ? 'problem' : 'problems'} found.`)
  console.log('\nNo problems found.')
})
