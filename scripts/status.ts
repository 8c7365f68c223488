import { connect, type GlobalDb } from '#db/client.ts'
import {
  readFleet,
  readQueue,
  readQuota,
  readSchedulerAge,
  readTroubleByKind,
} from '#db/queries/operations.ts'
import { flags } from './process/arguments.ts'
import { run } from './process/cli-error.ts'
import { requireEnv } from './process/required-env.ts'

// The operator's view: how far behind, what fails and why, how much of Google's quota is used. `--json` for machines.

const read = async (db: GlobalDb) => ({
  schedulerSecondsAgo: await readSchedulerAge(db),
  fleet: await readFleet(db),
  trouble: await readTroubleByKind(db),
  queue: await readQueue(db),
  quota: await readQuota(db),
})

type Status = Awaited<ReturnType<typeof read>>

const print = ({ schedulerSecondsAgo, fleet, trouble, queue, quota }: Status) => {
  const line = (name: string, text: string) => console.log(`${name.padEnd(24)}${text}`)
  line('Scheduler', schedulerSecondsAgo === null ? 'has never run' : `ran ${ago(schedulerSecondsAgo)} ago`)
  line('Connections', `${fleet.connections}: ${fleet.healthy} healthy, ${fleet.importing} importing`)
  line('Changes arrive', `instantly for ${fleet.notified}, by polling for ${fleet.polled}`)
  line('Furthest behind', ago(fleet.lagSeconds))
  line('Sync runs requested', String(fleet.requested))
  line('Revocations waiting', String(fleet.revocationsWaiting))
  for (const { task, ready, later, running, tried } of queue)
    line(`Queue ${task}`, `${ready} ready, ${running} running, ${later} later, ${tried} tried before`)
  if (trouble.length === 0) line('In trouble', 'nothing')
  for (const { what, kind, count, oldestSeconds } of trouble)
    line(`In trouble: ${what}`, `${count} × ${kind}, the oldest for ${ago(oldestSeconds)}`)
  line(
    'Google, writes',
    `${quota.writesLastMinute} of 10,000 units in the last minute, at most ${quota.busiestMinute}`,
  )
  line('Google, one account', `at most ${quota.busiestAccount} of 600 units in a minute of the last hour`)
}

const ago = (seconds: number) => {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

await run(async () => {
  const { json } = flags(process.argv.slice(2), ['json'])
  const held = connect(requireEnv().DATABASE_URL, { max: 1 })
  try {
    const status = await read(held.db)
    if (json) console.log(JSON.stringify(status))
    else print(status)
  } finally {
    await held.close()
  }
})
