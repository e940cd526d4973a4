import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSentences } from './suites/workbench-sentences.ts'

const CUSTOMERS = `customer_id,assigned_to_email,customer_name,status
00000001,ana.ruiz@atlas.com,Bo Lind,Proposal
00000002,ana.ruiz@atlas.com,Cy Marsh,Won
`
const update = (id: string, field: string, value: string): string =>
  `"['customer_relationship_manager.update_customer.func(customer_id=""${id}"", field=""${field}"", new_value=""${value}"")']"`

const folderWith = (crm: readonly string[], email: readonly string[] = []): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tact-workbench-'))
  mkdirSync(join(folder, 'queries_and_answers'))
  writeFileSync(join(folder, 'customer_relationship_manager_data.csv'), CUSTOMERS)
  writeFileSync(join(folder, 'email_addresses.csv'), 'ana.ruiz@atlas.com\nraj.patel@atlas.com\n')
  writeFileSync(
    join(folder, 'crm_tasks_v2026_wording.csv'),
    ['query,query_v2026_05_19,answer,base_template', ...crm].join('\n'),
  )
  writeFileSync(
    join(folder, 'queries_and_answers/email_queries_and_answers.csv'),
    ['query,answer,base_template', ...email, "Send an email to raj,['email.send_email.func()'],send"].join(
      '\n',
    ),
  )
  return folder
}

const verdicts = (crm: readonly string[]): readonly string[] =>
  runSentences(folderWith(crm))
    .results.filter(({ set }) => set === 'crm')
    .map(({ verdict }) => verdict)

describe('sentences of WorkBench', () => {
  it('counts a proposal that does what the task wants as right, and another as wrong', () => {
    const said = 'Update the status of Bo Lind to qualified in the crm'
    expect(verdicts([`old,${said},${update('00000001', 'status', 'Qualified')},form`])).toEqual(['right'])
    expect(verdicts([`old,${said},${update('00000001', 'status', 'Lost')},form`])).toEqual(['wrong'])
  })

  it('calls a proposal for a task that needs none wrong', () => {
    expect(verdicts(['old,Reassign Bo Lind to Raj in the crm,[],form'])).toEqual(['wrong'])
  })

  it('counts an abstention where the one named has no open deal', () => {
    const said = 'Update the status of Cy Marsh to qualified in the crm'
    expect(verdicts([`old,${said},${update('00000002', 'status', 'Qualified')},form`])).toEqual(['abstained'])
  })

  it('reads what was told and asked to be recorded, and abstains when it is denied', () => {
    expect(
      verdicts([
        `old,Raj is taking over Bo Lind. Can you reassign them in the crm?,${update('00000001', 'assigned_to_email', 'raj.patel@atlas.com')},form`,
        `old,Raj is not taking over Bo Lind. Can you reassign them in the crm?,[],form`,
        `old,Bo Lind has moved to lead status. Can you update that in the crm?,${update('00000001', 'status', 'Lead')},form`,
      ]),
    ).toEqual(['right', 'right', 'right'])
  })

  it('says where the tables come from when they are not here', () => {
    expect(runSentences(join(tmpdir(), 'nowhere')).leftOut).toContain('shared/data/evals/workbench')
  })
})
