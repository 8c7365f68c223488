const sentences: Record<string, string> = {
  cancelled: 'You cancelled the sign-in at Google.',
  unverified: 'Google has not verified the e-mail address of this account. Verify it, then try again.',
  OAuthSignin: 'Google could not be reached. Try again in a moment.',
  OAuthCallback: 'The sign-in was not completed or took too long. Try again.',
  AccessDenied: 'This account may not sign in here.',
  CredentialsSignin: 'This link was already used or has expired. Request a new one.',
  'signed-out-everywhere': 'You are signed out on all devices. Sign in again to continue.',
  'business-deleted': 'The business was deleted, and you were signed out.',
  'too-often': 'Too many attempts. Wait ten minutes, then try again.',
}

/** The sentence for the `error` query parameter of the sign-in page; null without an error. */
export const signInSentence = (error: unknown): string | null => {
  if (typeof error !== 'string' || error === '') return null
  return sentences[error] ?? 'The sign-in failed. Try again.'
}
