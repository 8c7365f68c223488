import { expect, test } from 'vitest'
import { retryOnce } from './retry-once.ts'

const failing = (times: number) => {
  let count = 0
  return async () => {
    count++
    if (count <= times) throw new Error(`failure ${count}`)
    return count
  }
}

test('one failure is reported and repeated, two are not', async () => {
  const reported: unknown[] = []
  const report = (error: unknown) => reported.push(error)
  expect(await retryOnce(failing(0), report)).toEqual({ result: 1, isRepeated: false })
  expect(reported).toEqual([])
  expect(await retryOnce(failing(1), report)).toEqual({ result: 2, isRepeated: true })
  expect(reported).toEqual([new Error('failure 1')])
  await expect(retryOnce(failing(2), report)).rejects.toThrow('failure 2')
})
