'use server'
import { redirect } from 'next/navigation'
import { database } from '#db/client.ts'
import { person } from '#lib/auth/viewer.ts'
import { env } from '#lib/env.ts'
import { parseBusiness, readTyped, type TypedBusiness } from './form.ts'
import { createBusiness } from './mutations.ts'

export type WelcomeState = { typed: TypedBusiness; fields: Record<string, string>; attempt: number }

/** The welcome form. Comes back with what was typed and a sentence per field, or goes on to the calendar. */
export const foundBusiness = async (previous: WelcomeState, form: FormData): Promise<WelcomeState> => {
  const founder = await person()
  if (!founder) redirect('/sign-in?callbackUrl=/welcome')
  const typed = readTyped(form)
  const parsed = parseBusiness(typed)
  if (!parsed.ok) return { typed, fields: parsed.fields, attempt: previous.attempt + 1 }
  const { userId, name, email } = founder
  await createBusiness(database(env().DATABASE_URL).db, {
    founder: { userId, name, email },
    business: parsed.business,
  })
  redirect('/calendar')
}
