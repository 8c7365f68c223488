import { connect } from '#db/client.ts'
import { checkSeals } from '#lib/google/rotate-keys.ts'
import { Refusal, run } from './process/cli-error.ts'
import { requireEnv } from './process/required-env.ts'

// After a new key was put first in TOKEN_ENCRYPTION_KEYS: seals every stored token with it, so that the old key can go.

await run(async () => {
  const held = connect(requireEnv().DATABASE_URL, { max: 2 })
  try {
    const { resealed, current, unreadable } = await checkSeals(held.db, { reseal: true })
    console.log(`${resealed} tokens sealed with the first key, ${current} were already.`)
    if (unreadable > 0)
      throw new Refusal(
        `${unreadable} tokens open with none of TOKEN_ENCRYPTION_KEYS: put back the key that sealed them, or have those owners reconnect Google.`,
      )
  } finally {
    await held.close()
  }
})
