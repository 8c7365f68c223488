import { z } from 'zod'

/** Lower case, the form in which addresses are stored and compared. */
export const emailSchema = z
  .string('Enter an e-mail address.')
  .trim()
  .toLowerCase()
  .max(254, 'Enter a complete e-mail address.')
  .pipe(z.email('Enter a complete e-mail address, like name@example.com.'))
