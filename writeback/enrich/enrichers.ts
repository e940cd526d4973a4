import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { unavailable, userError } from '../../domain/errors.ts'
import { webhookUrl } from '../providers/webhook.ts'
import { readFindings } from './findings.ts'
import type { Enricher } from './port.ts'

const LONGEST_ANSWER = 256 * 1024

/** A JSON file: `{"acme.example": [{"set": {"industry": "Space"}, "source": "registry"}]}`, read anew each time. */
export const fileEnricher = (path: string): Enricher => ({
  name: 'file',
  find: async ({ domain }, signal) => {
    let whole: unknown
    try {
      whole = JSON.parse(await readFile(path, { encoding: 'utf8', signal }))
    } catch (error) {
      throw unavailable('no_enrichment_file', 'The file of TACT_ENRICHER cannot be read as JSON.', {
        fix: 'Mend it, or unset TACT_ENRICHER.',
        cause: error,
      })
    }
    const known = z.record(z.string(), z.unknown()).safeParse(whole)
    return known.success && Object.hasOwn(known.data, domain)
      ? readFindings(known.data[domain], new Date())
      : []
  },
})

/** `GET <url>?domain=acme.example`, answered with a list of findings, or 404. Redirects are not followed. */
export const httpEnricher = (url: string): Enricher => ({
  name: 'http',
  find: async ({ domain }, signal) => {
    const address = new URL(webhookUrl(url))
    address.searchParams.set('domain', domain)
    const failed = (cause?: unknown) =>
      unavailable('enricher_unavailable', 'The enricher did not answer.', {
        fix: 'It is asked again later.',
        cause,
      })
    const response = await fetch(address, { redirect: 'manual', signal }).catch((error: unknown) => {
      throw failed(error)
    })
    if (response.status === 404) return []
    if (!response.ok) throw failed()
    const text = await response.text().catch((error: unknown) => {
      throw failed(error)
    })
    if (text.length > LONGEST_ANSWER) throw failed()
    let answer: unknown
    try {
      answer = JSON.parse(text)
    } catch {
      answer = undefined
    }
    return readFindings(answer, new Date())
  },
})

/** The enricher that TACT_ENRICHER names: `file:<path>`, or an address by https. Throws `bad_enricher` and `bad_url`. */
export const enricherOf = (setting: string | undefined): Enricher | undefined => {
  if (setting === undefined) return undefined
  if (setting.startsWith('file:') && setting.length > 5) return fileEnricher(setting.slice(5))
  if (/^https?:\/\//.test(setting)) {
    webhookUrl(setting)
    return httpEnricher(setting)
  }
  throw userError('bad_enricher', 'TACT_ENRICHER names no enricher.', {
    fix: 'Write file:/path/to/findings.json, or an address by https.',
  })
}
