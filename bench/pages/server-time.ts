import { median, ms, timed } from '../statistics.ts'
import type { Row } from '../table.ts'
import type { Environment } from './environment.ts'

const rounds = 200
const warmUpRounds = 100

/** From the request to the last byte of `/calendar` with the sample's week, one after another. */
export const measureServerTime = async ({ url, session }: Environment): Promise<Row[]> => {
  const headers = { cookie: `${session.name}=${session.value}` }
  const read = async () => {
    const response = await fetch(`${url}/calendar`, { headers, redirect: 'error' })
    await response.text()
  }
  for (let round = 0; round < warmUpRounds; round++) await read()
  const durations: number[] = []
  for (let round = 0; round < rounds; round++) durations.push(await timed(read))
  const found = median(durations)
  return [
    {
      work: "server time of /calendar, the sample's week",
      target: '< 50 ms',
      measured: `${ms(found)} (median of ${rounds})`,
      baseline: '—',
      met: found < 50,
    },
  ]
}
