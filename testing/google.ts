import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Google, type GoogleOptions, startGoogle } from '../emulator/server.ts'
import { expectNoForeignWrites } from '../emulator/testing.ts'

/**
 * An emulator of one's own for the calling test file (or `describe`), on a free port. After every test its log is
 * read: no request may have changed an event that Sophiie did not create. The answer is filled in before the first
 * test; read it inside tests and hooks only.
 */
export function ownGoogle(options: Omit<GoogleOptions, 'port' | 'host' | 'file'> = {}): Google {
  const own = {} as Google
  beforeAll(async () => {
    Object.assign(own, await startGoogle(options))
  })
  afterEach(() => expectNoForeignWrites(own.url))
  afterAll(async () => own.stop?.())
  return own
}
