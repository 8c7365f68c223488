import { linkScopes } from '#lib/google/scopes.ts'
import { addGrant, issueRefreshToken } from '../../emulator/oauth/grants.ts'
import { startGoogle } from '../../emulator/server.ts'
import { DEFAULT_CLIENT } from '../../emulator/world.ts'

// Runs the emulator in a separate process, with owners who have granted all scopes; prints its
// address and their tokens.

const zone = 'Australia/Sydney'
const client = { ...DEFAULT_CLIENT, project: 'load' }
const google = await startGoogle({ clients: [client] })
// Google retries push notifications for a while.
Object.assign(google.world.state.switches, { notificationAttempts: 15, notificationRetryMs: 1000 })
const owners = Array.from({ length: Number(process.argv[2]) }, (_, n) => {
  const email = `owner${n}@load.example`
  const { sub } = google.person.addAccount({ email, name: `Owner ${n}`, timeZone: zone })
  const grant = { email, client, scopes: linkScopes }
  addGrant(google.world, grant)
  return { email, sub, refreshToken: issueRefreshToken(google.world, grant).token }
})
console.log(JSON.stringify({ url: google.url, owners }))
process.on('SIGTERM', () => void google.stop().then(() => process.exit(0)))
