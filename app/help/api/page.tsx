import type { Metadata } from 'next'
import { ApiHelp } from '#components/help/api/api-help.tsx'
import { env } from '#lib/env.ts'
import { openApiDocument } from '#lib/receptionist/http/openapi.ts'
import { referenceOf } from '#lib/receptionist/http/reference.ts'
import { limits } from '#lib/receptionist/limits.ts'

export const metadata: Metadata = { title: 'API · Help' }

export default function ApiHelpPage() {
  return <ApiHelp reference={referenceOf(openApiDocument(env().NEXTAUTH_URL))} limits={limits} />
}
