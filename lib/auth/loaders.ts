import 'server-only'
import { callerNetwork, refusedByLimit } from './limits/limits.ts'
import { checkSignInLink } from './sign-in-link.ts'

/** The user of an e-mailed link, null if it is invalid. Does not use up the link. */
export const mailedLink = async (token: string) =>
  (await refusedByLimit('link-used', await callerNetwork())) ? 'too-often' : checkSignInLink(token)
