import { businessOffer } from '#lib/connection/loaders.ts'
import { offerResponse } from '#lib/connection/offer-response.ts'

/** `GET /api/google/calendars`: the calendars of the account of the business, for an owner. */
export const GET = async (): Promise<Response> => offerResponse(await businessOffer())
