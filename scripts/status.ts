import { connect, type GlobalDb } from '#db/client.ts'
import { readFleet, readQueue, readQuota, readSchedulerAge, readTroubleByKind } from '#db/queries/operations.ts'
import { flags } from './process/arguments.ts'
import { run } from './process/cli-error.ts'
import { requireEnv } from './process/required-env.ts'

// For operators: lag, failures by kind, queue and Google quota. `--json` prints them as JSON.

const read = async (db: GlobalDb) => ({
  schedulerSecondsAgo: await readSchedulerAge(db),
  fleet: await readFleet(db),
  failures: await readTroubleByKind(db),
  queue: await readQueue(db),
  quota: await readQuota(db),
})

type Status = Awaited<ReturnType<typeof read>>

const print = ({ schedulerSecondsAgo, fleet, failures, queue, quota }: Status) => {
  const line = (name: string, text: string) => console.log(`${name.padEnd(26)}${text}`)
  line('Scheduler', schedulerSecondsAgo === null ? 'has never run' : `ran ${duration(schedulerSecondsAgo)} ago`)
  const { business, member } = fleet.accounts
  line('Google accounts', `${business + member}: ${business} of businesses, ${member} of members`)
  line('Calendars', `${fleet.calendars}: ${fleet.healthy} healthy, ${fleet.importing} importing`)
  for (const { whose, purpose, calendars, healthy, importing, lagSeconds } of fleet.groups)
    line(
      `  ${whose}, ${purpose}`,
      `${calendars}: ${healthy} healthy, ${importing} importing, longest lag ${duration(lagSeconds)}`,
    )
  line('Push notifications', `on for ${fleet.notified}, off (polling) for ${fleet.polled}`)
  line('Longest lag', duration(fleet.lagSeconds))
  line('Waiting for a sync run', String(fleet.requested))
  line('Revocations waiting', String(fleet.revocationsWaiting))
  for (const { task, ready, later, running, tried } of queue)
    line(`Queue ${task}`, `${ready} ready, ${running} running, ${later} later, ${tried} retried`)
  if (failures.length === 0) line('Failures', 'none')
  for (const { what, whose, purpose, kind, count, oldestSeconds } of failures)
    line(`Failures: ${what}`, `${count} × ${kind} (${whose}, ${purpose}), the oldest for ${duration(oldestSeconds)}`)
  line(
    'Google quota, writes',
    `${quota.writesLastMinute} of 10,000 units in the last minute, peak ${quota.busiestMinute} in the last hour`,
  )
  line('Google quota, account', `peak ${quota.busiestAccount} of 600 units a minute in the last hour`)
}

const duration = (seconds: number) => {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

await run(async () => {
  const { json } = flags(process.argv.slice(2), ['json'])
  const database = connect(requireEnv().DATABASE_URL, { max: 1 })
  try {
    const status = await read(database.db)
    if (json) console.log(JSON.stringify(status))
    else print(status)
  } finally {
    await database.close()
  }
})
