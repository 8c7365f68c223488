const sentences: Record<string, string> = {
  cancelled: 'You cancelled at Google, so you are not signed in.',
  unverified:
    'Google has not confirmed the e-mail address of that account. Confirm it with Google, then try again.',
  OAuthSignin: 'Google could not be reached. Try again in a moment.',
  OAuthCallback: 'The sign-in was not finished, or took too long. Try again.',
  AccessDenied: 'That account may not sign in here.',
  CredentialsSignin: 'This link was used already, or is too old. Ask for a new one.',
  'signed-out-everywhere': 'You are signed out everywhere. Sign in again to go on.',
  'business-deleted': 'The business is deleted. Your session ended with it.',
  'too-often': 'That was tried too often. Wait ten minutes, then try again.',
}

/** One sentence for what next-auth puts into `?error=`; null when there is nothing to say. */
export const signInSentence = (error: unknown): string | null => {
  if (typeof error !== 'string' || error === '') return null
  return sentences[error] ?? 'Something went wrong while signing in. Try again.'
}
