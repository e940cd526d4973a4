import { LANES } from '../digest/facts.ts'
import type { DigestFacts, Item, Lane } from '../digest/facts.ts'
import { LANE_TITLES, SECTIONS } from '../digest/layout.ts'
import type { Section } from '../digest/layout.ts'
import { DIGEST_CHANNELS, QUIET_MODES } from '../digest/policy.ts'
import type { DigestPolicy } from '../digest/policy.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import { noticeBox } from './layout.ts'
import type { Notice } from './layout.ts'

export interface DigestPage {
  readonly policy: DigestPolicy
  readonly facts: DigestFacts
  /** Who looks at it gets none by mail. */
  readonly isOut: boolean
  readonly mayKeep: boolean
  readonly csrf: string
  readonly notice: Notice | undefined
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const SECTION_WORDS: Readonly<Record<Section, string>> = {
  lanes: 'what waits and what is on',
  people: 'mail by member',
  companies: 'mail by company',
  deals: 'deals that moved',
  by_themselves: 'what passed by itself',
}
const two = (value: number): string => String(value).padStart(2, '0')

const button = ({ ready, key }: Item, { policy, csrf }: DigestPage): Html =>
  ready.kind === 'open'
    ? html`<a href="/inbox/proposals/${ready.proposalId}">${ready.label}</a>`
    : html`<form method="post" action="/inbox/digest/${policy.channel}/propose">
        <input type="hidden" name="csrf" value="${csrf}" />
        <input type="hidden" name="key" value="${key}" />
        <button>${ready.label}</button>
      </form>`

const line = (item: Item, page: DigestPage): Html =>
  html`<li id="${item.key}">
    <strong><bdi>${item.title}</bdi></strong>
    <p class="meta">
      ${item.why}${item.sources.map(({ name }) => name !== '' && html` · <bdi>${name}</bdi>`)}
    </p>
    ${button(item, page)}
  </li>`

const laneCard = (lane: Lane, page: DigestPage): Html => {
  const items = page.facts.lanes[lane]
  return html`<section class="card">
    <h2>${LANE_TITLES[lane]}</h2>
    ${
      items.length === 0
        ? html`<p class="meta">Nothing.</p>`
        : html`<ul>
            ${items.map((item) => line(item, page))}
          </ul>`
    }
  </section>`
}

const policyCard = ({ policy, csrf }: DigestPage): Html => {
  const { channel, isEnabled, time, destination, recipients, quiet } = policy
  const who = typeof recipients === 'string' ? recipients : recipients.join(', ')
  return html`<form class="card" method="post" action="/inbox/digest/${channel}/policy">
    <h2>When and to whom</h2>
    <input type="hidden" name="csrf" value="${csrf}" />
    <p>
      <label><input type="checkbox" name="on" value="on" ${isEnabled && html`checked`} /> Send it</label>
    </p>
    <label for="at">At</label>
    <input
      type="time"
      id="at"
      name="at"
      required
      value="${two(Math.floor(time.minuteOfDay / 60))}:${two(time.minuteOfDay % 60)}"
    />
    <label for="zone">Time zone</label>
    <input id="zone" name="zone" required value="${time.timezone}" />
    <fieldset>
      <legend>On</legend>
      ${DAYS.map(
        (name, place) =>
          html`<label>
            <input
              type="checkbox"
              name="day"
              value="${place + 1}"
              ${time.weekdays.includes(place + 1) && html`checked`}
            />
            ${name}
          </label>`,
      )}
    </fieldset>
    ${
      channel === 'slack'
        ? html`<label for="destination">Slack channel (its id)</label>
            <input id="destination" name="destination" value="${destination ?? ''}" />`
        : html`<label for="to">To: admins, everyone, or addresses</label>
            <input id="to" name="to" required value="${who}" />`
    }
    <fieldset>
      <legend>With</legend>
      ${SECTIONS.map(
        (section) =>
          html`<label>
            <input
              type="checkbox"
              name="section"
              value="${section}"
              ${policy.sections.includes(section) && html`checked`}
            />
            ${SECTION_WORDS[section]}
          </label>`,
      )}
    </fieldset>
    <label for="quiet">A day with nothing to tell</label>
    <select id="quiet" name="quiet">
      ${QUIET_MODES.map(
        (mode) =>
          html`<option value="${mode}" ${mode === quiet && html`selected`}>
            ${mode === 'note' ? 'one line says so' : 'nothing is sent'}
          </option>`,
      )}
    </select>
    <div class="acts"><button class="main">Save</button></div>
  </form>`
}

const mineCard = ({ isOut, csrf }: DigestPage): Html =>
  html`<form class="card" method="post" action="/inbox/digest/mail/mine">
    <input type="hidden" name="csrf" value="${csrf}" />
    <input type="hidden" name="send" value="${isOut ? 'on' : 'off'}" />
    <p class="meta">${isOut ? 'You get none by mail.' : 'Where it is on and for you, you get it by mail.'}</p>
    <button>${isOut ? 'Send me mine' : 'Send me none'}</button>
  </form>`

/** The digest as its reader may see it now, with what is behind each line, and its settings for those who keep them. */
export const digestPage = (page: DigestPage): Html =>
  html`<p class="back"><a href="/inbox/settings">← Settings</a></p>
    <h1>Digest by ${page.policy.channel === 'mail' ? 'mail' : 'Slack'}</h1>
    ${noticeBox(page.notice)}
    <p class="meta">
      ${page.policy.isEnabled ? 'It is on.' : 'It is off.'}
      ${DIGEST_CHANNELS.filter((one) => one !== page.policy.channel).map(
        (one) => html`<a href="/inbox/digest/${one}">By ${one === 'mail' ? 'mail' : 'Slack'}</a>`,
      )}
    </p>
    ${LANES.map((lane) => laneCard(lane, page))} ${page.policy.channel === 'mail' && mineCard(page)}
    ${page.mayKeep && policyCard(page)}`
