import { writeSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Services } from '../chaos/model.ts'
import { test } from '../chaos-test.ts'
import { type Coverage, coverageReport, totalSent, untouchedFields } from './coverage.ts'
import { askingNames } from './operations.ts'
import { type Batch, type OddAnswer, runAnswers } from './run-answers.ts'

/** Past the check of the log, which is of the product's lines. */
const printProgress = (text: string) => void writeSync(1, text)

/**
 * A fuzz of Google's answers: each field of each answer removed, emptied, of another type, far too
 * long, at the edge of its range; odd headers; batches with other parts than were asked for. `npm
 * run test:chaos -- --answers --runs 20000` sends many more; a failure prints the command that
 * repeats it.
 */

const { FUZZ_RUNS, FUZZ_SEED, FUZZ_PATH, FUZZ_ALL } = process.env
const perStep = 3
const perBatch = 21
const batches = Math.ceil(Number(FUZZ_RUNS ?? 150) / perBatch)
/** Fixed, so that `npm test` sends the same answers each time. */
const seed = Number(FUZZ_SEED ?? 20_270_104)

/** With so many answers, each field of each answer has been changed. */
const everyFieldAfter = 20_000

const answer: fc.Arbitrary<OddAnswer> = fc.record({
  asking: fc.constantFrom(...askingNames),
  field: fc.nat(10_000),
  item: fc.nat(1000),
  change: fc.nat(10_000),
  part: fc.constantFrom('body', 'body', 'body', 'headers'),
  times: fc.constantFrom(1, 1, 2, 9),
})
const step = fc.array(answer, { minLength: perStep, maxLength: perStep, size: 'max' })
const steps = { minLength: perBatch / perStep, maxLength: perBatch / perStep, size: 'max' } as const
const batch: fc.Arbitrary<Batch> = fc.record({
  whenRemoved: fc.constantFrom(...(['ask', 'cancel', 'put-back'] as const)),
  steps: fc.array(step, steps),
})
const coverage: Coverage = new Map()

/** The answers of a failing batch that fail alone, or the steps that do, with their violations. */
const failingAlone = async (services: Services, { whenRemoved, steps }: Batch, together: string): Promise<string[]> => {
  const found: string[] = []
  for (const parts of [steps.flat().map((one) => [one]), steps]) {
    for (const part of parts) {
      const violation = await violationOf(services, { whenRemoved, steps: [part] })
      if (violation) found.push(`${JSON.stringify(part)} (${whenRemoved})\n    ${violation.split('\n')[0]}`)
    }
    if (found.length > 0) return found
  }
  return [`only together, in ${whenRemoved}\n    ${together}`]
}

/** With the answers that led to it, without the log. */
const violationOf = async (services: Services, given: Batch): Promise<string | null> => {
  try {
    await runAnswers(services, given, coverage)
    return null
  } catch (error) {
    return String(error instanceof Error ? error.message : error).split('\n\nLog:')[0] ?? ''
  }
}

test(
  `nothing is lost after ${batches * perBatch} odd answers`,
  async ({ services }) => {
    const kinds = new Map<string, string[]>()
    let completed = 0
    const property = fc.asyncProperty(batch, async (given) => {
      const started = completed++
      if (started % 50 === 49) printProgress(`${completed * perBatch} of ${batches * perBatch} answers\n`)
      if (!FUZZ_ALL) return runAnswers(services, given, coverage)
      // Collects every failure instead of stopping at the first.
      const violation = await violationOf(services, given)
      if (!violation) return
      for (const one of await failingAlone(services, given, `batch ${started}: ${violation}`)) {
        printProgress(`${one}\n`)
        const kind = one.split('\n')[1]?.replace(/“[^”]*”|[\w-]*\d[\w-]*/g, '…') ?? ''
        kinds.set(kind, [...(kinds.get(kind) ?? []), one])
      }
    })
    const replay = FUZZ_PATH ? { path: FUZZ_PATH } : {}
    const result = await fc.check(property, { numRuns: batches, seed, endOnFailure: true, ...replay })
    if (result.failed) {
      const command = `npm run test:chaos -- --answers --seed ${result.seed} --path ${result.counterexamplePath}`
      const cause = result.errorInstance instanceof Error ? result.errorInstance.message : ''
      const [given] = result.counterexample ?? []
      const alone = given ? await failingAlone(services, given, cause.split('\n')[0] ?? '') : []
      throw new Error(`Repeat it with\n  ${command}\n\nFailing alone:\n${alone.join('\n')}\n\n${cause}`)
    }
    const report = [...kinds].map(([kind, all]) => `${all.length} × ${kind.trim()}\n  ${all.slice(0, 4).join('\n  ')}`)
    expect(report.join('\n\n')).toBe('')
    if (FUZZ_RUNS) printProgress(`${totalSent(coverage)} odd answers\n${coverageReport(coverage)}\n`)
    if (batches * perBatch >= everyFieldAfter) expect(untouchedFields(coverage)).toEqual([])
  },
  (batches * 30 + 300) * 1000,
)
