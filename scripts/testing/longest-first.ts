import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** By what they cost, not by their size; whichever began last would be waited for by everything else. */
const longest = [
  'lib/jobs/kill.db.test.ts',
  'testing/chaos/chaos.db.test.ts',
  'lib/jobs/workers.db.test.ts',
  'lib/recurrence/expand.property.test.ts',
  'scripts/doctor/doctor.db.test.ts',
  'scripts/postgres/postgres.db.test.ts',
  'lib/jobs/outage.db.test.ts',
]

const rank = ({ moduleId }: TestSpecification) => {
  const at = longest.findIndex((file) => moduleId.endsWith(`/${file}`))
  return at < 0 ? longest.length : at
}

/** Vitest's own order, after the files that take longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => rank(a) - rank(b))
  }
}
