import { type ReadDraft, readDraft } from '../calendar/draft.ts'
import { ApiError } from '../calendar/errors.ts'
import type { EventDraft } from '../model.ts'

/** Reads a draft and turns an `ApiError` into a plain error. */
export function readPersonDraft(body: EventDraft): ReadDraft {
  try {
    return readDraft(body, { lenient: true })
  } catch (error) {
    if (error instanceof ApiError)
      throw new Error(`Not possible in the interface: ${error.message} (${error.info.reason})`)
    throw error
  }
}
