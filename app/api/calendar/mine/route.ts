import { myOffer } from '#lib/connection/mine/loaders.ts'
import { offerResponse } from '#lib/connection/offer-response.ts'

/** `GET /api/calendar/mine`: the calendars of the member's own Google account. */
export const GET = async (): Promise<Response> => offerResponse(await myOffer())
