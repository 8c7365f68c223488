import { type Action, builtActions, callAction } from '../../e2e/steps/actions.ts'
import { type Business, type Member, makeBusinesses } from '../load/businesses.ts'
import { type Environment as Product, startEnvironment as startProduct } from '../load/environment.ts'

/** The production build without a worker; each part has linked businesses of its own. */
export type Environment = {
  product: Product
  sized: Business[]
  raced: Business
  watched: Business
  call: <Answer>(name: string, member: Member, given: unknown[]) => Promise<Answer>
  postgres: string
  stop: () => Promise<void>
}

export const sizes = [1_000, 100_000, 1_000_000]

export const startEnvironment = async (): Promise<Environment> => {
  const product = await startProduct(sizes.length + 2)
  const businesses = await makeBusinesses(product)
  const [raced, watched, ...sized] = businesses
  if (!raced || !watched) throw new Error('The businesses were not created.')
  const { sql } = product.database
  const day = [{ from: '08:00', to: '17:00' }]
  const hours = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((each) => [each, day]))
  await sql`update businesses set opening_hours = ${JSON.stringify(hours)}::text::jsonb`
  // As long as no worker runs the mirror stays as it is, so it counts as just read.
  await sql`
    update synced_calendars set last_success_at = now() + interval '1 day', horizon_start = now() - interval '90 days',
      horizon_end = now() + interval '750 days'`
  await product.startServer()
  const actions = builtActions()
  return {
    ...{ product, sized, raced, watched, postgres: product.description, stop: product.stop },
    call: async <Answer>(name: string, { cookie }: Member, given: unknown[]) => {
      const { status, value } = await callAction({ url: product.url, cookie }, actionOf(actions, name), given)
      if (status !== 200 || !value) throw new Error(`${name} answered with status ${status}.`)
      return value as Answer
    },
  }
}

const actionOf = (actions: Map<string, Action>, name: string): Action => {
  const action = actions.get(name)
  if (!action) throw new Error(`The build does not have the action ${name}.`)
  return action
}

export const memberOf = ({ members }: Business, n = 0): Member => {
  const member = members[n]
  if (!member) throw new Error('The business has too few members.')
  return member
}

export const instant = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')
