import fc from 'fast-check'
import { expect } from 'vitest'
import type { Services } from '../chaos/model.ts'
import { test } from '../chaos-test.ts'
import { mutationNames } from './mutations.ts'
import { askingNames } from './operations.ts'
import { type OddAnswer, runAnswers } from './run-answers.ts'

/**
 * A fuzz of Google's answers: each field of each answer removed, emptied, of another type, far too
 * long, at the edge of its range. `npm run test:chaos -- --answers --runs 20000` sends many more; a
 * failure prints the command that repeats it.
 */

const { FUZZ_RUNS, FUZZ_SEED, FUZZ_PATH, FUZZ_ALL } = process.env
const perBatch = 20
const batches = Math.ceil(Number(FUZZ_RUNS ?? 300) / perBatch)
/** Fixed, so that `npm test` sends the same answers each time. */
const seed = Number(FUZZ_SEED ?? 20_270_104)

const answer: fc.Arbitrary<OddAnswer> = fc.record({
  asking: fc.constantFrom(...askingNames),
  field: fc.nat(200),
  mutation: fc.constantFrom(...mutationNames),
  times: fc.constantFrom(1, 1, 2, 9),
})
const batch = fc.record({
  whenRemoved: fc.constantFrom('ask', 'cancel', 'put-back'),
  answers: fc.array(answer, { minLength: perBatch, maxLength: perBatch, size: 'max' }),
})
type Batch = Parameters<typeof runAnswers>[1]

/** The answers of a failing batch that fail alone, each with its violation. */
const failingAlone = async (services: Services, { whenRemoved, answers }: Batch): Promise<string[]> => {
  const found: string[] = []
  for (const one of answers) {
    const violation = await violationOf(services, { whenRemoved, answers: [one] })
    if (violation) found.push(`${JSON.stringify(one)} (${whenRemoved})\n    ${violation}`)
  }
  return found
}

const violationOf = async (services: Services, given: Batch): Promise<string | null> => {
  try {
    await runAnswers(services, given)
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

test.runIf(FUZZ_RUNS)(
  `nothing is lost after ${batches * perBatch} odd answers`,
  async ({ services }) => {
    const kinds = new Map<string, string[]>()
    let completed = 0
    const property = fc.asyncProperty(batch as fc.Arbitrary<Batch>, async (given) => {
      const started = completed++
      if (started % 50 === 49) process.stdout.write(`${completed * perBatch} of ${batches * perBatch} answers\n`)
      if (!FUZZ_ALL) return runAnswers(services, given)
      // Collects every failure instead of stopping at the first.
      if (!(await violationOf(services, given))) return
      for (const one of await failingAlone(services, given)) {
        const kind = one.split('\n')[1]?.replace(/“[^”]*”|[\w-]*\d[\w-]*/g, '…') ?? ''
        kinds.set(kind, [...(kinds.get(kind) ?? []), one])
      }
    })
    const replay = FUZZ_PATH ? { path: FUZZ_PATH } : {}
    const result = await fc.check(property, { numRuns: batches, seed, endOnFailure: true, ...replay })
    if (result.failed) {
      const command = `npm run test:chaos -- --answers --seed ${result.seed} --path ${result.counterexamplePath}`
      const alone = result.counterexample?.[0] ? await failingAlone(services, result.counterexample[0]) : []
      const cause = result.errorInstance instanceof Error ? result.errorInstance.message : ''
      throw new Error(`Repeat it with\n  ${command}\n\nFailing alone:\n${alone.join('\n')}\n\n${cause}`)
    }
    const report = [...kinds].map(([kind, all]) => `${all.length} × ${kind.trim()}\n  ${all.slice(0, 4).join('\n  ')}`)
    expect(report.join('\n\n')).toBe('')
  },
  (batches * 30 + 300) * 1000,
)
