import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSchemas } from './generate.ts'

/** `node slack-bot/testing/schemas/write.ts`, after the SDK's version has changed: the difference shows what Slack changed. */
writeFileSync(join(import.meta.dirname, 'schemas.json'), `${JSON.stringify(generateSchemas(), null, 1)}\n`)
