import { z } from 'zod'

/** Before lowering: `K` (the Kelvin sign) lower-cases to `k` and would name another mailbox. */
const ascii = /^[!-~]*$/

/** Lower case, the form in which addresses are stored and compared. */
export const emailSchema = z
  .string('Enter an e-mail address.')
  .trim()
  .regex(ascii, 'Enter a complete e-mail address, like name@example.com.')
  .toLowerCase()
  .max(254, 'Enter a complete e-mail address.')
  .pipe(z.email('Enter a complete e-mail address, like name@example.com.'))

/** The address of a Google account: Google allows more before the `@` than our forms. */
export const accountAddressSchema = z
  .string()
  .max(254)
  .regex(/^[!-?A-~]+@[!-?A-~]+$/)
  .toLowerCase()
