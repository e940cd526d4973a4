import { signInLink } from '../../inbox/session.ts'
import type { Fixture } from './fixture.ts'
import type { Surface } from './surface.ts'

const post = (base: string, path: string, fields: Record<string, string>, cookie: string) =>
  fetch(base + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: base, Cookie: cookie },
    body: new URLSearchParams(fields).toString(),
  })

/** What was asked stands on the page again; it is no answer. */
const withoutQuestion = (page: string): string => page.replaceAll(/<(textarea|pre)\b.*?<\/\1>/gs, '')

/** The query page, as a signed-in person sends its form: the page, and the CSV of the same question. */
export const inboxSurface = async ({ house, desk, service }: Fixture): Promise<Surface> => {
  const base = service.url
  const link = await signInLink(house.database, base, desk.actor)
  const token = new URL(link).searchParams.get('token') ?? ''
  const signedIn = await post(base, '/inbox/sign-in', { token }, '')
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await (await fetch(`${base}/inbox/query`, { headers: { Cookie: cookie } })).text()
  const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(page) ?? []
  if (csrf === '') throw new Error('The query page did not open.')
  return {
    ask: async ({ sql, ast }) => {
      const question = sql ?? ast ?? ''
      const answer = await post(base, '/inbox/query', { csrf, question }, cookie)
      const text = withoutQuestion(await answer.text())
      const [, code = `status_${answer.status}`] = /data-code="([^"]+)"/.exec(text) ?? []
      return {
        code: answer.status === 200 ? 'answered' : code,
        text,
        left: '',
        rows: answer.status === 200 ? text.split('<tr').length - 2 : 0,
      }
    },
    close: async () => {},
  }
}
