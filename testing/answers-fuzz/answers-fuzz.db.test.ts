import { writeSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Services } from '../chaos/model.ts'
import { test } from '../chaos-test.ts'
import { type Coverage, coverageReport, incompleteAskings, neverSent, totalSent } from './coverage.ts'
import type { OddAnswer } from './inject.ts'
import { type AskingName, askingNames } from './operations.ts'
import { type Batch, runAnswers, Violation } from './run-answers.ts'

/** Past the check of the log, which is of the product's lines. */
const printProgress = (text: string) => void writeSync(1, text)

/**
 * A fuzz of Google's answers: each field of each answer removed, emptied, of another type, far too
 * long, at the edge of its range; odd headers; batches with other parts than were asked for. What
 * was sent least often comes next; in the second half of a long run also among the kinds of
 * answers. `npm run test:chaos -- --answers --runs 20000` sends many more; a failure prints the
 * command that repeats it.
 */

const { FUZZ_RUNS, FUZZ_SEED, FUZZ_BATCH, FUZZ_ALL, FUZZ_ASKING } = process.env
const perStep = 3
const perBatch = 21
const batches = Math.ceil(Number(FUZZ_RUNS ?? 150) / perBatch)
/** Fixed, so that `npm test` sends the same answers each time. */
const seed = Number(FUZZ_SEED ?? 20_270_104)

/**
 * With so many answers, or of some kinds only, each field of each answer is changed in each way;
 * rare ones take more.
 */
const isThorough = batches * perBatch >= 20_000 || FUZZ_ASKING !== undefined
const mostBatches = isThorough ? Math.ceil(batches * 1.5) : batches

/** They have many fields, or are often not asked. */
const chosenOftener: AskingName[] = [
  ...Array.from({ length: 4 }, () => 'get after a conflict' as const),
  ...(['full list', 'delta list', 'second page of a full list'] as const),
  ...(['calendars', 'patch', 'get before a removal'] as const),
]

const wanted: string[] = FUZZ_ASKING ? JSON.parse(FUZZ_ASKING) : askingNames

const answer: fc.Arbitrary<OddAnswer> = fc.record({
  asking: fc.constantFrom(...[...askingNames, ...chosenOftener].filter((name) => wanted.includes(name))),
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

let aimed = 0
/** The first answer of each step becomes one of a kind of which some changes were not sent yet. */
const aim = (given: Batch): Batch => {
  const incomplete = askingNames.filter((name) => incompleteAskings(coverage).includes(name))
  const steps = given.steps.map(([first, ...others]) => {
    if (!first) return others
    return [{ ...first, asking: incomplete[aimed++ % incomplete.length] ?? first.asking }, ...others]
  })
  return { ...given, steps }
}

const commandOf = (given: Batch) => `npm run test:chaos -- --answers --batch '${JSON.stringify(given)}'`

/** The answers of a failing batch that fail alone, or the steps that do, with their violations. */
const failingAlone = async (services: Services, { batch: { whenRemoved, steps }, message }: Violation) => {
  const found: string[] = []
  for (const parts of [steps.flat().map((one) => [one]), steps]) {
    for (const part of parts) {
      const one = { whenRemoved, steps: [part] }
      const violation = await violationOf(services, one)
      if (violation) found.push(`${commandOf(one)}\n    ${violation.message.split('\n')[0]}`)
    }
    if (found.length > 0) return found
  }
  return [`${commandOf({ whenRemoved, steps })}\n    only together: ${message.split('\n\nLog:')[0]}`]
}

const violationOf = async (services: Services, given: Batch): Promise<Violation | null> => {
  try {
    await runAnswers(services, given, coverage)
    return null
  } catch (error) {
    if (error instanceof Violation) return error
    throw error
  }
}

test(
  `nothing is lost after ${batches * perBatch} odd answers`,
  async ({ services }) => {
    if (FUZZ_BATCH) return runAnswers(services, JSON.parse(FUZZ_BATCH))
    const kinds = new Map<string, string[]>()
    let completed = 0
    const property = fc.asyncProperty(batch, async (given) => {
      if (completed >= batches && neverSent(coverage).length === 0) return
      completed++
      if (completed % 50 === 0) printProgress(`${completed * perBatch} of ${batches * perBatch} answers\n`)
      const isLate = isThorough && completed > batches / 2
      const violation = await violationOf(services, isLate ? aim(given) : given)
      if (!violation) return
      const alone = await failingAlone(services, violation)
      if (!FUZZ_ALL) throw new Error(`Failing alone:\n${alone.join('\n')}\n\n${violation.message}`)
      // Collects every failure instead of stopping at the first.
      for (const one of alone) {
        printProgress(`${one}\n`)
        const kind = one.split('\n')[1]?.replace(/“[^”]*”|[\w-]*\d[\w-]*/g, '…') ?? ''
        kinds.set(kind, [...(kinds.get(kind) ?? []), one])
      }
    })
    await fc.assert(property, { numRuns: mostBatches, seed, endOnFailure: true })
    const report = [...kinds].map(([kind, all]) => `${all.length} × ${kind.trim()}\n  ${all.slice(0, 4).join('\n  ')}`)
    if (FUZZ_RUNS) {
      const missing = neverSent(coverage)
      printProgress(`${totalSent(coverage)} odd answers\n${coverageReport(coverage)}\n`)
      printProgress(`never sent: ${missing.length}\n${missing.join('\n')}\n`)
    }
    expect(report.join('\n\n')).toBe('')
    if (isThorough) expect(neverSent(coverage)).toEqual([])
  },
  (mostBatches * 30 + 300) * 1000,
)
