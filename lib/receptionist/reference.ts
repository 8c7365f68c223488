const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/**
 * Six characters, made from the id of an appointment, that a caller can read out: no letter that is
 * taken for a digit. It proves together with a phone number, and finds nothing by itself.
 */
export const referenceOf = (appointmentId: string): string => {
  let value = BigInt(`0x${appointmentId.replaceAll('-', '')}`)
  let reference = ''
  for (let n = 0; n < 6; n++) {
    reference += alphabet[Number(value % BigInt(alphabet.length))]
    value /= BigInt(alphabet.length)
  }
  return reference
}

/** Whether a caller said the reference, with spaces or in lower case as well. */
export const isReferenceOf = (appointmentId: string, said: string): boolean =>
  said.toUpperCase().replace(/[^A-Z0-9]/g, '') === referenceOf(appointmentId)
