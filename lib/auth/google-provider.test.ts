import { expect, test } from 'vitest'
import { redeem } from './google-provider.ts'

const redirectUri = 'http://localhost:3000/api/auth/callback/google'
const checks = { state: 'sent', code_verifier: 'verifier' }

test.each([
  ['another state', { code: 'c', state: 'forged' }, checks],
  ['no state in the callback', { code: 'c' }, checks],
  ['no state in the cookie', { code: 'c', state: 'sent' }, { code_verifier: 'verifier' }],
  ['no state on either side', { code: 'c' }, { code_verifier: 'verifier' }],
])('%s is refused before the code is exchanged', async (_, params, given) => {
  await expect(redeem({ params, checks: given, redirectUri })).rejects.toThrow(
    'The state is not the one that was sent.',
  )
})

test.each([
  ['no code', { state: 'sent' }, checks],
  ['no verifier', { code: 'c', state: 'sent' }, { state: 'sent' }],
])('%s is refused', async (_, params, given) => {
  await expect(redeem({ params, checks: given, redirectUri })).rejects.toThrow('The answer carries no code.')
})
