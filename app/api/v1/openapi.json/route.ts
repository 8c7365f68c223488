import { env } from '#lib/env.ts'
import { openApiDocument } from '#lib/receptionist/http/openapi.ts'
import { document } from '#lib/receptionist/http/resource.ts'

/** The OpenAPI document; it needs no key. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = document(() => openApiDocument(env().NEXTAUTH_URL))
