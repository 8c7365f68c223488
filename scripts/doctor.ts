import { diagnose } from './doctor/diagnose.ts'
import { Refusal, run } from './process/cli-error.ts'
import { loadEnvFiles } from './process/required-env.ts'

await run(async () => {
  loadEnvFiles()
  const faults = await diagnose(console.log)
  if (faults === 'no variables')
    throw new Refusal('\nThe other checks need the variables: put them right first.')
  if (faults > 0) throw new Refusal(`\n${faults} ${faults === 1 ? 'thing is' : 'things are'} wrong.`)
  console.log('\nNothing is wrong.')
})
