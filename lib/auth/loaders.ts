import 'server-only'
import { callerAddress, refusedByLimit } from './limits.ts'
import { checkSignInLink } from './sign-in-link.ts'

/** Whom a mailed link would sign in; null when it would nobody. Looking uses nothing up. */
export const mailedLink = async (token: string) =>
  (await refusedByLimit('link-used', await callerAddress())) ? 'too-often' : checkSignInLink(token)
