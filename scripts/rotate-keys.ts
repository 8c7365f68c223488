import { connect } from '#db/client.ts'
import { checkSeals } from '#lib/google/rotate-keys.ts'
import { CliError, run } from './process/cli-error.ts'
import { requireEnv } from './process/required-env.ts'

// Run after adding a new first key to TOKEN_ENCRYPTION_KEYS: encrypts every stored token with it,
// so that the old key can be removed.

await run(async () => {
  const database = connect(requireEnv().DATABASE_URL, { max: 2 })
  try {
    const { resealed, current, unreadable } = await checkSeals(database.db, { reseal: true })
    console.log(`${resealed} tokens encrypted with the first key, ${current} already were.`)
    if (unreadable > 0)
      throw new CliError(
        `${unreadable} tokens cannot be decrypted with any of TOKEN_ENCRYPTION_KEYS: add the key that encrypted them, or have those owners reconnect Google.`,
      )
  } finally {
    await database.close()
  }
})
