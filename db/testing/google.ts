import { afterAll, afterEach, beforeAll } from 'vitest'
import { startGoogle } from '../../emulator/server.ts'
import { expectNoForeignWrites } from '../../emulator/testing.ts'

type Options = Omit<NonNullable<Parameters<typeof startGoogle>[0]>, 'port' | 'host' | 'file'>
export type TestGoogle = Awaited<ReturnType<typeof startGoogle>>

/**
 * An emulator of one's own for the calling test file (or `describe`), on a free port. After every test its log is
 * read: no request may have changed an event that Sophiie did not create. The answer is filled in before the first
 * test; read it inside tests and hooks only.
 */
export function ownGoogle(options: Options = {}): TestGoogle {
  const own = {} as TestGoogle
  beforeAll(async () => {
    Object.assign(own, await startGoogle({ port: 0, ...options }))
  })
  afterEach(() => expectNoForeignWrites(own.url))
  afterAll(async () => own.stop?.())
  return own
}
