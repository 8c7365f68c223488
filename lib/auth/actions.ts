'use server'
import { redirect } from 'next/navigation'
import { converse } from './converse.ts'
import { returnPath } from './return-path.ts'

export const continueWithGoogle = async (form: FormData) => {
  redirect(await converse('signin/google', { callbackUrl: returnPath(form.get('callbackUrl')) }))
}

export const signOut = async () => {
  await converse('signout', { callbackUrl: '/calendar' })
  redirect('/sign-in')
}
