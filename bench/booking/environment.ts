import { setTimeout as pause } from 'node:timers/promises'
import { type Business, makeBusinesses, untilImported } from '../load/businesses.ts'
import { type Environment as Product, startEnvironment as startProduct } from '../load/environment.ts'

/** The production build with one worker and one linked business, imported and idle. */
export type Environment = {
  product: Product
  business: Business
  postgres: string
  stop: () => Promise<void>
}

const settleMs = 5000

export const startEnvironment = async (): Promise<Environment> => {
  const product = await startProduct(1)
  const [business] = await makeBusinesses(product)
  if (!business) throw new Error('The business was not created.')
  await product.startServer()
  const worker = product.startWorker('booking-worker')
  await untilImported(product)
  await pause(settleMs)
  return {
    ...{ product, business, postgres: product.description },
    stop: async () => {
      await worker.stop()
      await product.stop()
    },
  }
}
