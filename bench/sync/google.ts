import { startGoogle } from '../../emulator/server.ts'
import { addressOf, sizes } from './sizes.ts'

// Runs the emulator in a separate process, with calendars of known sizes.

const day = 86_400_000
const zone = 'Australia/Sydney'

const google = await startGoogle({
  seed: (person) => {
    for (const size of sizes) {
      const email = addressOf(size)
      person.addAccount({ email, name: `Size ${size}`, timeZone: zone })
      for (let n = 0; n < size; n++) person.create({ email, calendarId: 'primary', event: eventOf(n, size) })
    }
  },
})
console.log(google.url)
process.on('SIGTERM', () => void google.stop().then(() => process.exit(0)))

/**
 * Spread over two years; one in a hundred is a weekly series of twelve, one in three has guests.
 */
function eventOf(n: number, size: number) {
  const start = Math.floor(Date.now() / day) * day + (n * 700 * day) / size + (n % 40) * 900_000
  const time = (instant: number) => ({ dateTime: new Date(instant).toISOString(), timeZone: zone })
  return {
    summary: `Appointment with customer number ${n}`,
    location: `${n % 300} Pittwater Road, Manly NSW 2095`,
    description: `Bring the ladder and the long hose. Gate code ${n}. Call before arriving.`,
    start: time(start),
    end: time(start + 3_600_000),
    ...(n % 100 === 0 && { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=12'] }),
    ...(n % 3 === 0 && {
      attendees: [{ email: `guest${n}@example.com` }, { email: 'staff@example.com' }],
    }),
  }
}
