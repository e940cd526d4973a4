import { html } from './html.ts'
import type { Content, Html } from './html.ts'

export interface Frame {
  readonly title: string
  /** Who is signed in; null on the way in. */
  readonly person: { readonly name: string; readonly workspace: string; readonly csrf: string } | null
}

const personBar = (person: NonNullable<Frame['person']>): Html =>
  html`<div class="who">
    <nav aria-label="Pages">
      <a href="/inbox/overview">Overview</a>
      <a href="/inbox/dashboard">Dashboard</a>
      <a href="/inbox/query">Ask</a>
      <a href="/inbox/conversations">Conversations</a>
      <a href="/inbox/decode">Decode</a>
      <a href="/inbox/members">Members</a>
      <a href="/inbox/access">Access</a>
      <a href="/inbox/settings">Settings</a>
    </nav>
    <span><bdi>${person.name}</bdi></span>
    <form method="post" action="/inbox/sign-out">
      <input type="hidden" name="csrf" value="${person.csrf}" />
      <button class="quiet">Sign out</button>
    </form>
  </div>`

/** A whole page. */
export const page = ({ title, person }: Frame, content: Content): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="same-origin" />
        <title>${title} · Tact</title>
        <link rel="icon" href="/inbox/icon.svg" />
        <link rel="stylesheet" href="/inbox/style.css" />
        <script src="/inbox/keys.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <header class="bar">
          <div>
            <a class="brand" href="/inbox">Tact <span>${person ? person.workspace : 'inbox'}</span></a>
            ${person && personBar(person)}
          </div>
        </header>
        <main id="content">${content}</main>
      </body>
    </html> `.text

export interface Notice {
  readonly tone: 'good' | 'bad'
  readonly text: string
  readonly fix?: string | undefined
}

export const noticeBox = (notice: Notice | undefined): Content =>
  notice !== undefined &&
  html`<div
    class="notice ${notice.tone === 'bad' && 'bad'}"
    role="${notice.tone === 'bad' ? 'alert' : 'status'}"
  >
    <p><strong>${notice.text}</strong> ${notice.fix ?? null}</p>
  </div>`
