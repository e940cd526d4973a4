import { textOf, type FakeMessage, type Fields } from './world.ts'

/** Draws messages and dialogs roughly as Slack's client would, for a person to look at: markup of ours, not Slack's. */
export const drawPage = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${html(title)}</title><style>${STYLE}</style><main>${content}</main></html>`

export const drawThread = (messages: readonly FakeMessage[], botUser: string): string =>
  messages
    .map((message) => {
      const byTact = message.user === botUser
      const parts = message.streamed?.parts.length
        ? message.streamed.parts
        : [...(message.markdown ? [{ type: 'markdown', text: message.markdown }] : []), ...message.blocks]
      const mentioned = mrkdwn(message.text).replaceAll(`&lt;@${botUser}&gt;`, '<b class="mention">@Tact</b>')
      const body = byTact && parts.length > 0 ? parts.map(drawBlock).join('') : `<p>${mentioned}</p>`
      const aside = message.ephemeralFor ? '<p class="only">Only visible to you</p>' : ''
      return `<article><div class="face ${byTact ? 'bot' : ''}">${byTact ? 'T' : html(message.user.charAt(1))}</div><div class="said"><b>${byTact ? 'Tact <i>APP</i>' : html(nameOf(message.user))}</b>${aside}${body}</div></article>`
    })
    .join('')

export const drawView = (view: Fields): string =>
  `<section class="modal"><h1>${element(view.title)}</h1>${(view.blocks as Fields[]).map(drawBlock).join('')}<footer>${view.close ? `<button>${element(view.close)}</button>` : ''}${view.submit ? `<button class="primary">${element(view.submit)}</button>` : ''}</footer></section>`

const nameOf = (user: string): string => user.charAt(1) + user.slice(2).toLowerCase()

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Slack's three entities back, then ours. */
const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const mrkdwn = (text: string): string =>
  html(unescaped(text.replaceAll(/<(https?:[^|>]+)\|([^>]+)>/g, '\u0001$2\u0002')))
    .replaceAll('\u0001', '<a>')
    .replaceAll('\u0002', '</a>')
    .replaceAll(/\*([^*\n]+)\*/g, '<b>$1</b>')
    .replaceAll(/`([^`\n]+)`/g, '<code>$1</code>')
    .replaceAll('\n', '<br>')

const markdown = (text: string): string =>
  html(unescaped(text))
    .replaceAll(/```\n?([\s\S]*?)```/g, '<pre>$1</pre>')
    .replaceAll(/^#+ (.*)$/gm, '<b>$1</b>')
    .replaceAll(/\*\*([^*\n]+)\*\*/g, '<b>$1</b>')
    .replaceAll(/^\s*[-*] (.*)$/gm, '• $1')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '<a>$1</a>')
    .trim()
    .replaceAll('\n', '<br>')

const element = (part: unknown): string => {
  const { type, text: words, alt_text: alt } = (part ?? {}) as Fields
  if (type === 'mrkdwn') return mrkdwn(textOf(words))
  if (type === 'image') return `[${html(String(alt))}]`
  return typeof words === 'object' ? element(words) : html(textOf(words)).replaceAll('\n', '<br>')
}

const control = (part: Fields): string => {
  if (part.type === 'button')
    return `<button class="${html(textOf(part.style))}">${element(part.text)}</button>`
  if (part.type === 'feedback_buttons')
    return `<button>${element((part.positive_button as Fields).text)}</button><button>${element((part.negative_button as Fields).text)}</button>`
  const chosen = (part.initial_option as Fields | undefined)?.text
  if (String(part.type).endsWith('select'))
    return `<span class="field">${chosen ? element(chosen) : element(part.placeholder)} ▾</span>`
  if (part.type === 'checkboxes' || part.type === 'radio_buttons')
    return (part.options as Fields[]).map((option) => `<p>☐ ${element(option.text)}</p>`).join('')
  return `<span class="field ${part.multiline ? 'long' : ''}">${html(textOf(part.initial_value))}</span>`
}

const cellOf = (cell: Fields): string =>
  cell.type === 'raw_number' ? html(String(cell.value)) : html(textOf(cell.text))

const drawTable = (block: Fields): string => {
  const columns = (block.column_settings as Fields[] | undefined) ?? []
  const rows = (block.rows as Fields[][]).map((row, at) => {
    const tag = at === 0 ? 'th' : 'td'
    return `<tr>${row.map((cell, column) => `<${tag} class="${html(textOf(columns[column]?.align))}">${cellOf(cell)}</${tag}>`).join('')}</tr>`
  })
  return `<table>${rows.join('')}</table>`
}

const drawBlock = (block: Fields): string => {
  const elements = (block.elements as Fields[] | undefined) ?? []
  switch (block.type) {
    case 'header':
      return `<h2>${element(block.text)}</h2>`
    case 'section':
      return `<p>${element(block.text)}</p>${((block.fields as Fields[] | undefined) ?? []).map((field) => `<p>${element(field)}</p>`).join('')}${block.accessory ? control(block.accessory as Fields) : ''}`
    case 'context':
      return `<p class="context">${elements.map(element).join('<br>')}</p>`
    case 'actions':
    case 'context_actions':
      return `<p class="acts">${elements.map(control).join('')}</p>`
    case 'divider':
      return '<hr>'
    case 'markdown':
      return `<div class="md">${markdown(String(block.text))}</div>`
    case 'table':
      return drawTable(block)
    case 'input':
      return `<label>${element(block.label)}${control(block.element as Fields)}${block.hint ? `<small>${element(block.hint)}</small>` : ''}</label>`
    default:
      return `<p class="context">${html(String(block.type))}</p>`
  }
}

const STYLE = `body{margin:0;background:#fff;color:#1d1c1d;font:15px/1.46 Lato,"Segoe UI",system-ui,sans-serif}main{padding:16px 20px;width:680px}
article{display:flex;gap:10px;padding:8px 0}.face{flex:none;width:36px;height:36px;border-radius:6px;background:#c9d6df;display:grid;place-items:center;font-weight:700}.bot{background:#4a154b;color:#fff}
.said{min-width:0;flex:1}i{font:700 10px sans-serif;background:#e8e8e8;color:#616061;border-radius:2px;padding:1px 3px}.said p{margin:4px 0}h2{font-size:18px;margin:4px 0}.context,.only,small{color:#616061;font-size:12px}
.mention,a{color:#1264a3}table{border-collapse:collapse;margin:6px 0;font-size:13px}th,td{border:1px solid #ddd;padding:4px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f8f8f8}.right{text-align:right}
.acts{display:flex;gap:8px;flex-wrap:wrap}button{font:700 13px sans-serif;background:#fff;border:1px solid #bbb;border-radius:4px;padding:6px 12px;color:inherit}button.primary{background:#007a5a;border-color:#007a5a;color:#fff}button.danger{background:#e01e5a;border-color:#e01e5a;color:#fff}
pre,code{background:#f6f6f6;border:1px solid #ddd;border-radius:3px;padding:1px 3px;color:#c01343;font-size:12px}pre{padding:8px;color:inherit}.modal{border:1px solid #ddd;border-radius:8px;box-shadow:0 4px 20px #0003;padding:16px 20px;width:520px}.modal h1{font-size:20px;margin:0 0 12px}
label{display:block;font-weight:700;margin:12px 0}.field{display:block;font-weight:400;border:1px solid #999;border-radius:4px;padding:8px;margin-top:4px;min-height:20px}.long{min-height:60px}footer{display:flex;justify-content:flex-end;gap:8px;margin-top:16px}`
