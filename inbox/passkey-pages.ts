import type { Passkey } from '../db/passkeys.ts'
import { instant } from './card.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

/** Hands the options of a page to the browser and sends what the device answers in the form around them. */
export const PASSKEY_SCRIPT = `'use strict'
for (const form of document.querySelectorAll('form[data-passkey]')) {
  form.addEventListener('submit', async (event) => {
    if (form.elements.response.value !== '') return
    event.preventDefault()
    const options = JSON.parse(form.dataset.options)
    try {
      const made = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
      form.elements.response.value = JSON.stringify(made.toJSON())
      form.submit()
    } catch {
      form.querySelector('[role=status]').textContent = 'The browser gave no passkey. Try again.'
    }
  })
}
`

const answer = html`<input type="hidden" name="response" value="" />
  <p role="status"></p>
  <script src="/inbox/passkeys.js" defer></script>
  <noscript><p class="meta">A passkey needs scripts; everything else works without.</p></noscript>`

export interface PasskeysPage {
  readonly own: readonly Passkey[]
  /** For making one; absent where the page was opened by an address of the network. */
  readonly options: object | undefined
  readonly csrf: string
  readonly timezone: string
  readonly notice: Notice | undefined
}

const card = ({ id, name, createdAt }: Passkey, { csrf, timezone }: PasskeysPage): Html =>
  html`<article class="card">
    <h2><bdi>${name}</bdi></h2>
    <p class="meta">since ${instant(createdAt, timezone)}</p>
    <form class="acts" method="post" action="/inbox/passkeys/${id}/remove">
      <input type="hidden" name="csrf" value="${csrf}" /><button>Remove</button>
    </form>
  </article>`

/** One's own passkeys, and how to make one. */
export const passkeysPage = (page: PasskeysPage): Html =>
  html`${noticeBox(page.notice)}
    <p class="back"><a href="/inbox/access">← Access</a></p>
    <h1>Passkeys</h1>
    <p class="lead">Sign in with your device instead of a link.</p>
    ${page.own.map((one) => card(one, page))}
    ${
      page.options === undefined
        ? html`<div class="card"><p>Open the inbox by a name, such as localhost, to make a passkey.</p></div>`
        : html`<form
            class="card ask"
            method="post"
            action="/inbox/passkeys"
            data-passkey="create"
            data-options="${JSON.stringify(page.options)}"
          >
            <input type="hidden" name="csrf" value="${page.csrf}" />
            <label for="name">What to call it</label>
            <input type="text" id="name" name="name" maxlength="60" value="This device" autocomplete="off" />
            ${answer}
            <div class="acts"><button class="main">Make a passkey</button></div>
          </form>`
    }`

/** The way in by a passkey. */
export const passkeySignInPage = (options: object): Html =>
  html`<form
    class="card narrow"
    method="post"
    action="/inbox/sign-in/passkey"
    data-passkey="get"
    data-options="${JSON.stringify(options)}"
  >
    <h1>Sign in</h1>
    ${answer}
    <div class="acts"><button class="main">Sign in with a passkey</button></div>
  </form>`
