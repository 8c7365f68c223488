import { z } from 'zod'

/** Lower case, as addresses are kept and compared. */
export const emailSchema = z
  .string('Give an e-mail address.')
  .trim()
  .toLowerCase()
  .max(254, 'Give a full e-mail address.')
  .pipe(z.email('Give a full e-mail address, like name@example.com.'))
